# shellcheck shell=bash
# Run in the guest (`. guest-setup.sh`): load what does not load itself, and make the links.
modprobe -a vcan can-raw can-bcm can-isotp can-j1939 vsock_loopback tipc rds rds_tcp qrtr \
    bluetooth rfcomm hci_vhci sctp smc tls udp_diag inet_diag af_packet_diag algif_hash \
    algif_skcipher algif_aead algif_rng kcm phonet ax25 nfc ieee802154_socket
ip link add vcan0 type vcan && ip link set vcan0 mtu 72 && ip link set vcan0 up
