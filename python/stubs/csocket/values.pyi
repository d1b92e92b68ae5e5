# Made by tools/gen_stubs.py from values.pyi.in and data/.
from enum import IntFlag
from typing import Any, Protocol, runtime_checkable

from ._options import af_alg_iv as af_alg_iv
from ._options import arpt_entry as arpt_entry
from ._options import arpt_get_entries as arpt_get_entries
from ._options import arpt_getinfo as arpt_getinfo
from ._options import arpt_replace as arpt_replace
from ._options import atm_qos as atm_qos
from ._options import atmpvc as atmpvc
from ._options import bt_conninfo as bt_conninfo
from ._options import bt_iso_qos as bt_iso_qos
from ._options import bt_power as bt_power
from ._options import bt_security as bt_security
from ._options import bt_voice as bt_voice
from ._options import can_filter as can_filter
from ._options import can_isotp_fc_options as can_isotp_fc_options
from ._options import can_isotp_ll_options as can_isotp_ll_options
from ._options import can_isotp_options as can_isotp_options
from ._options import can_raw_vcid_options as can_raw_vcid_options
from ._options import cmsghdr as cmsghdr
from ._options import dmabuf_cmsg as dmabuf_cmsg
from ._options import dmabuf_token as dmabuf_token
from ._options import ebt_replace as ebt_replace
from ._options import ebt_replace_data as ebt_replace_data
from ._options import fanout_args as fanout_args
from ._options import fanout_state as fanout_state
from ._options import group_filter as group_filter
from ._options import group_req as group_req
from ._options import group_source_req as group_source_req
from ._options import hci_ufilter as hci_ufilter
from ._options import icmp6_filter as icmp6_filter
from ._options import icmp_filter as icmp_filter
from ._options import in6_flowlabel_req as in6_flowlabel_req
from ._options import in6_pktinfo as in6_pktinfo
from ._options import in_pktinfo as in_pktinfo
from ._options import ip6_mtuinfo as ip6_mtuinfo
from ._options import ip6t_entry as ip6t_entry
from ._options import ip6t_get_entries as ip6t_get_entries
from ._options import ip6t_replace as ip6t_replace
from ._options import ip_mreq_source as ip_mreq_source
from ._options import ip_mreqn as ip_mreqn
from ._options import ip_msfilter as ip_msfilter
from ._options import ip_option as ip_option
from ._options import ip_option_bare as ip_option_bare
from ._options import ip_vs_daemon_user as ip_vs_daemon_user
from ._options import ip_vs_daemons as ip_vs_daemons
from ._options import ip_vs_dest_entry as ip_vs_dest_entry
from ._options import ip_vs_get_dests as ip_vs_get_dests
from ._options import ip_vs_get_services as ip_vs_get_services
from ._options import ip_vs_getinfo as ip_vs_getinfo
from ._options import ip_vs_service_dest as ip_vs_service_dest
from ._options import ip_vs_service_entry as ip_vs_service_entry
from ._options import ip_vs_service_user as ip_vs_service_user
from ._options import ip_vs_timeout_user as ip_vs_timeout_user
from ._options import ipt_entry as ipt_entry
from ._options import ipt_get_entries as ipt_get_entries
from ._options import ipt_getinfo as ipt_getinfo
from ._options import ipt_replace as ipt_replace
from ._options import ipv6_mreq as ipv6_mreq
from ._options import ipv6_opt_hdr as ipv6_opt_hdr
from ._options import ipv6_rt_hdr as ipv6_rt_hdr
from ._options import ipv6_sr_hdr as ipv6_sr_hdr
from ._options import ipv6_tlv as ipv6_tlv
from ._options import ipv6_tlv_pad1 as ipv6_tlv_pad1
from ._options import j1939_filter as j1939_filter
from ._options import l2cap_options as l2cap_options
from ._options import linger as linger
from ._options import llc_pktinfo as llc_pktinfo
from ._options import meminfo as meminfo
from ._options import mf6cctl as mf6cctl
from ._options import mfcctl as mfcctl
from ._options import mif6ctl as mif6ctl
from ._options import mptcp_full_info as mptcp_full_info
from ._options import mptcp_info as mptcp_info
from ._options import mptcp_subflow_addrs_list as mptcp_subflow_addrs_list
from ._options import mptcp_tcpinfo as mptcp_tcpinfo
from ._options import multicast_if as multicast_if
from ._options import nl_pktinfo as nl_pktinfo
from ._options import packet_mreq as packet_mreq
from ._options import port_range as port_range
from ._options import rds6_info_connection as rds6_info_connection
from ._options import rds6_info_message as rds6_info_message
from ._options import rds6_info_rdma_connection as rds6_info_rdma_connection
from ._options import rds6_info_socket as rds6_info_socket
from ._options import rds6_info_tcp_socket as rds6_info_tcp_socket
from ._options import rds_cmsg_rx_trace as rds_cmsg_rx_trace
from ._options import rds_free_mr_args as rds_free_mr_args
from ._options import rds_get_mr_args as rds_get_mr_args
from ._options import rds_get_mr_for_dest_args as rds_get_mr_for_dest_args
from ._options import rds_info_connection as rds_info_connection
from ._options import rds_info_counter as rds_info_counter
from ._options import rds_info_message as rds_info_message
from ._options import rds_info_rdma_connection as rds_info_rdma_connection
from ._options import rds_info_socket as rds_info_socket
from ._options import rds_info_tcp_socket as rds_info_tcp_socket
from ._options import rds_rdma_args as rds_rdma_args
from ._options import rds_rdma_notify as rds_rdma_notify
from ._options import rds_rx_trace_so as rds_rx_trace_so
from ._options import rds_zcopy_cookies as rds_zcopy_cookies
from ._options import rt0_hdr as rt0_hdr
from ._options import rxrpc_upgrade as rxrpc_upgrade
from ._options import sadb_x_ipsecrequest as sadb_x_ipsecrequest
from ._options import sadb_x_policy as sadb_x_policy
from ._options import scm_timestamping as scm_timestamping
from ._options import scm_timestamping64 as scm_timestamping64
from ._options import scm_ts_pktinfo as scm_ts_pktinfo
from ._options import sco_options as sco_options
from ._options import sctp_add_streams as sctp_add_streams
from ._options import sctp_assoc_ids as sctp_assoc_ids
from ._options import sctp_assoc_stats as sctp_assoc_stats
from ._options import sctp_assoc_value as sctp_assoc_value
from ._options import sctp_assocparams as sctp_assocparams
from ._options import sctp_authchunk as sctp_authchunk
from ._options import sctp_authchunks as sctp_authchunks
from ._options import sctp_authinfo as sctp_authinfo
from ._options import sctp_authkey as sctp_authkey
from ._options import sctp_authkeyid as sctp_authkeyid
from ._options import sctp_default_prinfo as sctp_default_prinfo
from ._options import sctp_event as sctp_event
from ._options import sctp_event_subscribe as sctp_event_subscribe
from ._options import sctp_getaddrs as sctp_getaddrs
from ._options import sctp_hmacalgo as sctp_hmacalgo
from ._options import sctp_initmsg as sctp_initmsg
from ._options import sctp_nxtinfo as sctp_nxtinfo
from ._options import sctp_paddrinfo as sctp_paddrinfo
from ._options import sctp_paddrparams as sctp_paddrparams
from ._options import sctp_paddrthlds as sctp_paddrthlds
from ._options import sctp_paddrthlds_v2 as sctp_paddrthlds_v2
from ._options import sctp_peeloff_arg as sctp_peeloff_arg
from ._options import sctp_peeloff_flags_arg as sctp_peeloff_flags_arg
from ._options import sctp_prim as sctp_prim
from ._options import sctp_prinfo as sctp_prinfo
from ._options import sctp_probeinterval as sctp_probeinterval
from ._options import sctp_prstatus as sctp_prstatus
from ._options import sctp_rcvinfo as sctp_rcvinfo
from ._options import sctp_reset_streams as sctp_reset_streams
from ._options import sctp_rtoinfo as sctp_rtoinfo
from ._options import sctp_sack_info as sctp_sack_info
from ._options import sctp_setadaptation as sctp_setadaptation
from ._options import sctp_setpeerprim as sctp_setpeerprim
from ._options import sctp_sndinfo as sctp_sndinfo
from ._options import sctp_sndrcvinfo as sctp_sndrcvinfo
from ._options import sctp_status as sctp_status
from ._options import sctp_stream_value as sctp_stream_value
from ._options import sctp_udpencaps as sctp_udpencaps
from ._options import so_timestamping as so_timestamping
from ._options import sock_extended_err as sock_extended_err
from ._options import sock_txtime as sock_txtime
from ._options import tcp_ao_add as tcp_ao_add
from ._options import tcp_ao_del as tcp_ao_del
from ._options import tcp_ao_getsockopt as tcp_ao_getsockopt
from ._options import tcp_ao_info_opt as tcp_ao_info_opt
from ._options import tcp_ao_repair as tcp_ao_repair
from ._options import tcp_cc_info as tcp_cc_info
from ._options import tcp_info as tcp_info
from ._options import tcp_md5sig as tcp_md5sig
from ._options import tcp_repair_opt as tcp_repair_opt
from ._options import tcp_repair_window as tcp_repair_window
from ._options import tcp_zerocopy_receive as tcp_zerocopy_receive
from ._options import tfrc_rx_info as tfrc_rx_info
from ._options import tfrc_tx_info as tfrc_tx_info
from ._options import tipc_destname as tipc_destname
from ._options import tipc_errinfo as tipc_errinfo
from ._options import tipc_group_req as tipc_group_req
from ._options import tls12_crypto_info_aes_ccm_128 as tls12_crypto_info_aes_ccm_128
from ._options import tls12_crypto_info_aes_gcm_128 as tls12_crypto_info_aes_gcm_128
from ._options import tls12_crypto_info_aes_gcm_256 as tls12_crypto_info_aes_gcm_256
from ._options import tls12_crypto_info_aria_gcm_128 as tls12_crypto_info_aria_gcm_128
from ._options import tls12_crypto_info_aria_gcm_256 as tls12_crypto_info_aria_gcm_256
from ._options import tls12_crypto_info_chacha20_poly1305 as tls12_crypto_info_chacha20_poly1305
from ._options import tls12_crypto_info_sm4_ccm as tls12_crypto_info_sm4_ccm
from ._options import tls12_crypto_info_sm4_gcm as tls12_crypto_info_sm4_gcm
from ._options import tls_crypto_info as tls_crypto_info
from ._options import tpacket_auxdata as tpacket_auxdata
from ._options import tpacket_req3 as tpacket_req3
from ._options import tpacket_rollover_stats as tpacket_rollover_stats
from ._options import tpacket_stats_v3 as tpacket_stats_v3
from ._options import ucred as ucred
from ._options import vifctl as vifctl
from ._options import xdp_mmap_offsets as xdp_mmap_offsets
from ._options import xdp_options as xdp_options
from ._options import xdp_statistics as xdp_statistics
from ._options import xdp_umem_reg as xdp_umem_reg
from ._options import xfrm_user_tmpl as xfrm_user_tmpl
from ._options import xfrm_userpolicy_info as xfrm_userpolicy_info
from ._options import xt_counters as xt_counters
from ._options import xt_counters_info as xt_counters_info
from ._options import xt_get_revision as xt_get_revision
from ._socket import (
    _Catalogue,
    _Control,
    _Message,
    _Option,
    _OptionField,
    _QueuedError,
    _SocketOptions,
)

Control = _Control
Message = _Message
Option = _Option
OptionField = _OptionField
Options = _Catalogue
SocketOptions = _SocketOptions
queued_error = _QueuedError

def __dir__() -> list[str]: ...
def copy_options(source: SocketOptions, target: SocketOptions) -> list[str]: ...

# An error with the address that caused it.
@runtime_checkable
class HasAddress(Protocol):
    address: Any

# The bits IFF_* of an interface.
class InterfaceFlag(IntFlag):
    IFF_UP = 1
    IFF_BROADCAST = 2
    IFF_DEBUG = 4
    IFF_LOOPBACK = 8
    IFF_POINTOPOINT = 16
    IFF_NOTRAILERS = 32
    IFF_RUNNING = 64
    IFF_NOARP = 128
    IFF_PROMISC = 256
    IFF_ALLMULTI = 512
    IFF_MASTER = 1024
    IFF_SLAVE = 2048
    IFF_MULTICAST = 4096
    IFF_PORTSEL = 8192
    IFF_AUTOMEDIA = 16384
    IFF_DYNAMIC = 32768
    IFF_LOWER_UP = 65536
    IFF_DORMANT = 131072
    IFF_ECHO = 262144
