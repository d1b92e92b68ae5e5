# shellcheck shell=bash
# Run in the guest (`. guest-setup.sh`): load what does not load itself, and make the links.  The
# tests of a family are skipped if the kernel lacks it.
modprobe -a vcan can-raw can-bcm can-isotp can-j1939 vsock_loopback tipc rds rds_tcp qrtr \
    bluetooth rfcomm hci_vhci sctp smc dccp_ipv4 dccp_ipv6 tls udp_diag inet_diag af_packet_diag \
    algif_hash algif_skcipher algif_aead algif_rng kcm phonet ax25 bpqether nfc \
    ieee802154_socket fakelb af_key xfrm_user ip_vs ip_vs_rr iptable_filter ip6table_filter \
    arptable_filter ebtable_filter || true
ip link add vcan0 type vcan && ip link set vcan0 mtu 72 && ip link set vcan0 up
# Two connected interfaces without other traffic, and AX.25 over them if bpqether is available.
ip link add veth-a type veth peer name veth-b
for end in veth-a veth-b; do
    echo 1 > /proc/sys/net/ipv6/conf/$end/disable_ipv6
    ip link set $end up
done
# A callsign's letters are shifted by one bit; the last byte has the SSID: CSKA-1, CSKB-2.
for call in 'bpq0 86:a6:96:82:40:40:02' 'bpq1 86:a6:96:84:40:40:04'; do
    [ ! -e "/sys/class/net/${call% *}" ] ||
        { ip link set "${call% *}" address "${call#* }" && ip link set "${call% *}" up; }
done
/usr/bin/python3 tests/vm/links.py
for end in wpan0 wpan1; do
    [ ! -e /sys/class/net/$end ] || ip link set $end up
done
