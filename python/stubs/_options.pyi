# Made by tools/gen_option_stubs.py from data/option*.tsv.
import datetime
import ipaddress
from collections.abc import Iterable
from typing import Any, Generic, Literal, NamedTuple, TypeVar

from typing_extensions import TypeAlias

_Time: TypeAlias = float | datetime.timedelta
_Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
_Bytes: TypeAlias = bytes | bytearray | memoryview
_Struct: TypeAlias = tuple[Any, ...] | list[Any] | dict[str, Any] | bytes
_On: TypeAlias = bool | Literal[0, 1, "on", "off", "yes", "no", "true", "false"] | bytes
_G = TypeVar("_G")
_S = TypeVar("_S")

class _Read(Generic[_G]):
    def __get__(self, sock: Any, owner: Any) -> _G: ...

class _Write(Generic[_S]):
    def __set__(self, sock: Any, value: _S | str) -> None: ...

class _Both(Generic[_G, _S]):
    def __get__(self, sock: Any, owner: Any) -> _G: ...
    def __set__(self, sock: Any, value: _S | str) -> None: ...

class _Switch:
    def __get__(self, sock: Any, owner: Any) -> bool: ...
    def __set__(self, sock: Any, value: _On) -> None: ...

class linger(NamedTuple):
    onoff: int | None
    linger: float | None

class ucred(NamedTuple):
    pid: int | None
    uid: int | None
    gid: int | None

class so_timestamping(NamedTuple):
    flags: int | None
    bind_phc: int | None

class sock_txtime(NamedTuple):
    clockid: int | None
    flags: int | None

class meminfo(NamedTuple):
    rmem_alloc: int | None
    rcvbuf: int | None
    wmem_alloc: int | None
    sndbuf: int | None
    fwd_alloc: int | None
    wmem_queued: int | None
    optmem: int | None
    backlog: int | None
    drops: int | None

class dmabuf_token(NamedTuple):
    start: int | None
    count: int | None  # type: ignore[assignment]

class ip_mreqn(NamedTuple):
    multiaddr: str | None
    address: str | None
    dev: int | None

class multicast_if(NamedTuple):
    address: str | None
    dev: int | None

class ip_mreq_source(NamedTuple):
    multiaddr: str | None
    interface: str | None
    source: str | None

class ip_msfilter(NamedTuple):
    multiaddr: str | None
    interface: str | None
    fmode: int | None
    slist: tuple[str, ...] | None

class group_req(NamedTuple):
    dev: int | None
    group: str | None

class group_source_req(NamedTuple):
    dev: int | None
    group: str | None
    source: str | None

class group_filter(NamedTuple):
    dev: int | None
    group: str | None
    fmode: int | None
    slist: tuple[str, ...] | None

class port_range(NamedTuple):
    low: int | None
    high: int | None

class ipv6_mreq(NamedTuple):
    multiaddr: str | None
    dev: int | None

class in6_pktinfo(NamedTuple):
    addr: str | None
    dev: int | None

class ip6_mtuinfo(NamedTuple):
    addr: str | None
    mtu: int | None

class in6_flowlabel_req(NamedTuple):
    dst: str | None
    label: int | None
    action: int | None
    share: int | None
    flags: int | None
    expires: float | None
    linger: float | None

class ip_option(NamedTuple):
    type: int | None
    data: bytes | None

class ip_option_bare(NamedTuple):
    type: int | None

class ipv6_tlv(NamedTuple):
    type: int | None
    data: bytes | None

class ipv6_tlv_pad1(NamedTuple):
    type: int | None

class ipv6_opt_hdr(NamedTuple):
    nexthdr: int | None
    options: tuple[_ipv6_tlv, ...] | None

class ipv6_rt_hdr(NamedTuple):
    nexthdr: int | None
    type: int | None
    segments_left: int | None
    data: bytes | None

class rt0_hdr(NamedTuple):
    nexthdr: int | None
    type: int | None
    segments_left: int | None
    reserved: int | None
    addr: tuple[str, ...] | None

class ipv6_sr_hdr(NamedTuple):
    nexthdr: int | None
    type: int | None
    segments_left: int | None
    first_segment: int | None
    flags: int | None
    tag: int | None
    segments: tuple[str, ...] | None

class cmsghdr(NamedTuple):
    level: int | None
    type: int | None
    data: bytes | None

class sadb_x_ipsecrequest(NamedTuple):
    proto: int | None
    mode: int | None
    level: int | None
    reqid: int | None
    addrs: tuple[str, ...] | None

class sadb_x_policy(NamedTuple):
    exttype: int | None
    type: int | None
    dir: int | None
    id: int | None
    priority: int | None
    requests: tuple[sadb_x_ipsecrequest, ...] | None

class xfrm_user_tmpl(NamedTuple):
    daddr: str | None
    spi: int | None
    proto: int | None
    family: int | None
    saddr: str | None
    reqid: int | None
    mode: int | None
    share: int | None
    optional: int | None
    aalgos: int | None
    ealgos: int | None
    calgos: int | None

class xt_counters(NamedTuple):
    pcnt: int | None
    bcnt: int | None

class xt_counters_info(NamedTuple):
    name: str | None
    counters: tuple[xt_counters, ...] | None

class ipt_entry(NamedTuple):
    src: str | None
    dst: str | None
    smsk: str | None
    dmsk: str | None
    iniface: str | None
    outiface: str | None
    iniface_mask: bytes | None
    outiface_mask: bytes | None
    proto: int | None
    flags: int | None
    invflags: int | None
    nfcache: int | None
    target_offset: int | None
    comefrom: int | None
    pcnt: int | None
    bcnt: int | None
    elems: bytes | None

class ip6t_entry(NamedTuple):
    src: str | None
    dst: str | None
    smsk: str | None
    dmsk: str | None
    iniface: str | None
    outiface: str | None
    iniface_mask: bytes | None
    outiface_mask: bytes | None
    proto: int | None
    tos: int | None
    flags: int | None
    invflags: int | None
    nfcache: int | None
    target_offset: int | None
    comefrom: int | None
    pcnt: int | None
    bcnt: int | None
    elems: bytes | None

class arpt_entry(NamedTuple):
    src: str | None
    tgt: str | None
    smsk: str | None
    tmsk: str | None
    arhln: int | None
    arhln_mask: int | None
    src_devaddr: bytes | None
    src_devaddr_mask: bytes | None
    tgt_devaddr: bytes | None
    tgt_devaddr_mask: bytes | None
    arpop: int | None
    arpop_mask: int | None
    arhrd: int | None
    arhrd_mask: int | None
    arpro: int | None
    arpro_mask: int | None
    iniface: str | None
    outiface: str | None
    iniface_mask: bytes | None
    outiface_mask: bytes | None
    flags: int | None
    invflags: int | None
    target_offset: int | None
    comefrom: int | None
    pcnt: int | None
    bcnt: int | None
    elems: bytes | None

class ipt_replace(NamedTuple):
    name: str | None
    valid_hooks: int | None
    hook_entry_0: int | None
    hook_entry_1: int | None
    hook_entry_2: int | None
    hook_entry_3: int | None
    hook_entry_4: int | None
    underflow_0: int | None
    underflow_1: int | None
    underflow_2: int | None
    underflow_3: int | None
    underflow_4: int | None
    num_counters: int | None
    counters: int | None
    entries: tuple[ipt_entry, ...] | None

class ipt_get_entries(NamedTuple):
    name: str | None
    size: int | None
    entrytable: tuple[ipt_entry, ...] | None

class ip6t_replace(NamedTuple):
    name: str | None
    valid_hooks: int | None
    hook_entry_0: int | None
    hook_entry_1: int | None
    hook_entry_2: int | None
    hook_entry_3: int | None
    hook_entry_4: int | None
    underflow_0: int | None
    underflow_1: int | None
    underflow_2: int | None
    underflow_3: int | None
    underflow_4: int | None
    num_counters: int | None
    counters: int | None
    entries: tuple[ip6t_entry, ...] | None

class ip6t_get_entries(NamedTuple):
    name: str | None
    size: int | None
    entrytable: tuple[ip6t_entry, ...] | None

class arpt_replace(NamedTuple):
    name: str | None
    valid_hooks: int | None
    hook_entry_0: int | None
    hook_entry_1: int | None
    hook_entry_2: int | None
    underflow_0: int | None
    underflow_1: int | None
    underflow_2: int | None
    num_counters: int | None
    counters: int | None
    entries: tuple[arpt_entry, ...] | None

class arpt_get_entries(NamedTuple):
    name: str | None
    size: int | None
    entrytable: tuple[arpt_entry, ...] | None

class ebt_replace(NamedTuple):
    name: str | None
    valid_hooks: int | None
    nentries: int | None
    entries_size: int | None
    hook_entry_0: int | None
    hook_entry_1: int | None
    hook_entry_2: int | None
    hook_entry_3: int | None
    hook_entry_4: int | None
    hook_entry_5: int | None
    num_counters: int | None
    counters: int | None
    entries: int | None

class ebt_replace_data(NamedTuple):
    name: str | None
    valid_hooks: int | None
    nentries: int | None
    entries_size: int | None
    hook_entry_0: int | None
    hook_entry_1: int | None
    hook_entry_2: int | None
    hook_entry_3: int | None
    hook_entry_4: int | None
    hook_entry_5: int | None
    num_counters: int | None
    counters: int | None
    entries: int | None
    data: bytes | None

class ip_vs_service_user(NamedTuple):
    protocol: int | None
    addr: str | None
    port: int | None
    fwmark: int | None
    sched_name: str | None
    flags: int | None
    timeout: float | None
    netmask: str | None

class ip_vs_dest_user(NamedTuple):
    addr: str | None
    port: int | None
    conn_flags: int | None
    weight: int | None
    u_threshold: int | None
    l_threshold: int | None

class ip_vs_service_dest(NamedTuple):
    service_protocol: int | None
    service_addr: str | None
    service_port: int | None
    service_fwmark: int | None
    service_sched_name: str | None
    service_flags: int | None
    service_timeout: float | None
    service_netmask: str | None
    dest_addr: str | None
    dest_port: int | None
    dest_conn_flags: int | None
    dest_weight: int | None
    dest_u_threshold: int | None
    dest_l_threshold: int | None

class ip_vs_stats_user(NamedTuple):
    conns: int | None
    inpkts: int | None
    outpkts: int | None
    inbytes: int | None
    outbytes: int | None
    cps: int | None
    inpps: int | None
    outpps: int | None
    inbps: int | None
    outbps: int | None

class ip_vs_service_entry(NamedTuple):
    protocol: int | None
    addr: str | None
    port: int | None
    fwmark: int | None
    sched_name: str | None
    flags: int | None
    timeout: float | None
    netmask: str | None
    num_dests: int | None
    stats_conns: int | None
    stats_inpkts: int | None
    stats_outpkts: int | None
    stats_inbytes: int | None
    stats_outbytes: int | None
    stats_cps: int | None
    stats_inpps: int | None
    stats_outpps: int | None
    stats_inbps: int | None
    stats_outbps: int | None

class ip_vs_dest_entry(NamedTuple):
    addr: str | None
    port: int | None
    conn_flags: int | None
    weight: int | None
    u_threshold: int | None
    l_threshold: int | None
    activeconns: int | None
    inactconns: int | None
    persistconns: int | None
    stats_conns: int | None
    stats_inpkts: int | None
    stats_outpkts: int | None
    stats_inbytes: int | None
    stats_outbytes: int | None
    stats_cps: int | None
    stats_inpps: int | None
    stats_outpps: int | None
    stats_inbps: int | None
    stats_outbps: int | None

class ip_vs_get_dests(NamedTuple):
    protocol: int | None
    addr: str | None
    port: int | None
    fwmark: int | None
    num_dests: int | None
    entrytable: tuple[ip_vs_dest_entry, ...] | None

class ip_vs_get_services(NamedTuple):
    num_services: int | None
    entrytable: tuple[ip_vs_service_entry, ...] | None

class xfrm_userpolicy_info(NamedTuple):
    daddr: str | None
    saddr: str | None
    dport: int | None
    dport_mask: int | None
    sport: int | None
    sport_mask: int | None
    family: int | None
    prefixlen_d: int | None
    prefixlen_s: int | None
    proto: int | None
    ifindex: int | None
    user: int | None
    soft_byte_limit: int | None
    hard_byte_limit: int | None
    soft_packet_limit: int | None
    hard_packet_limit: int | None
    soft_add_expires: float | None
    hard_add_expires: float | None
    soft_use_expires: float | None
    hard_use_expires: float | None
    bytes: int | None
    packets: int | None
    add_time: int | None
    use_time: int | None
    priority: int | None
    index: int | None  # type: ignore[assignment]
    dir: int | None
    action: int | None
    flags: int | None
    share: int | None
    templates: tuple[xfrm_user_tmpl, ...] | None

class vifctl(NamedTuple):
    vifi: int | None
    flags: int | None
    threshold: int | None
    rate_limit: int | None
    lcl_addr: str | None
    rmt_addr: str | None

class mfcctl(NamedTuple):
    origin: str | None
    mcastgrp: str | None
    parent: int | None
    ttls: bytes | None
    pkt_cnt: int | None
    byte_cnt: int | None
    wrong_if: int | None
    expire: int | None

class mif6ctl(NamedTuple):
    mifi: int | None
    flags: int | None
    threshold: int | None
    pifi: int | None
    rate_limit: int | None

class mf6cctl(NamedTuple):
    origin: str | None
    mcastgrp: str | None
    parent: int | None
    ifset: bytes | None

class ipt_getinfo(NamedTuple):
    name: str | None
    valid_hooks: int | None
    hook_entry_0: int | None
    hook_entry_1: int | None
    hook_entry_2: int | None
    hook_entry_3: int | None
    hook_entry_4: int | None
    underflow_0: int | None
    underflow_1: int | None
    underflow_2: int | None
    underflow_3: int | None
    underflow_4: int | None
    num_entries: int | None
    size: int | None

class arpt_getinfo(NamedTuple):
    name: str | None
    valid_hooks: int | None
    hook_entry_0: int | None
    hook_entry_1: int | None
    hook_entry_2: int | None
    underflow_0: int | None
    underflow_1: int | None
    underflow_2: int | None
    num_entries: int | None
    size: int | None

class xt_get_revision(NamedTuple):
    name: str | None
    revision: int | None

class ip_vs_timeout_user(NamedTuple):
    tcp: float | None
    tcp_fin: float | None
    udp: float | None

class ip_vs_daemon_user(NamedTuple):
    state: int | None
    mcast_ifn: str | None
    syncid: int | None

class ip_vs_daemons(NamedTuple):
    master_state: int | None
    master_mcast_ifn: str | None
    master_syncid: int | None
    backup_state: int | None
    backup_mcast_ifn: str | None
    backup_syncid: int | None

class ip_vs_getinfo(NamedTuple):
    version: int | None
    size: int | None
    num_services: int | None

class tcp_info(NamedTuple):
    state: int | None
    ca_state: int | None
    retransmits: int | None
    probes: int | None
    backoff: int | None
    options: int | None
    snd_wscale: int | None
    rcv_wscale: int | None
    delivery_rate_app_limited: int | None
    fastopen_client_fail: int | None
    rto: float | None
    ato: float | None
    snd_mss: int | None
    rcv_mss: int | None
    unacked: int | None
    sacked: int | None
    lost: int | None
    retrans: int | None
    fackets: int | None
    last_data_sent: float | None
    last_ack_sent: float | None
    last_data_recv: float | None
    last_ack_recv: float | None
    pmtu: int | None
    rcv_ssthresh: int | None
    rtt: float | None
    rttvar: float | None
    snd_ssthresh: int | None
    snd_cwnd: int | None
    advmss: int | None
    reordering: int | None
    rcv_rtt: float | None
    rcv_space: int | None
    total_retrans: int | None
    pacing_rate: int | None
    max_pacing_rate: int | None
    bytes_acked: int | None
    bytes_received: int | None
    segs_out: int | None
    segs_in: int | None
    notsent_bytes: int | None
    min_rtt: float | None
    data_segs_in: int | None
    data_segs_out: int | None
    delivery_rate: int | None
    busy_time: float | None
    rwnd_limited: float | None
    sndbuf_limited: float | None
    delivered: int | None
    delivered_ce: int | None
    bytes_sent: int | None
    bytes_retrans: int | None
    dsack_dups: int | None
    reord_seen: int | None
    rcv_ooopack: int | None
    snd_wnd: int | None
    rcv_wnd: int | None
    rehash: int | None
    total_rto: int | None
    total_rto_recoveries: int | None
    total_rto_time: float | None
    received_ce: int | None
    delivered_e1_bytes: int | None
    delivered_e0_bytes: int | None
    delivered_ce_bytes: int | None
    received_e1_bytes: int | None
    received_e0_bytes: int | None
    received_ce_bytes: int | None
    ecn_mode: int | None
    accecn_opt_seen: int | None
    accecn_fail_mode: int | None
    options2: int | None

class tcp_cc_info(NamedTuple):
    word0: int | None
    word1: int | None
    word2: int | None
    word3: int | None
    word4: int | None

class tcp_md5sig(NamedTuple):
    addr: str | None
    flags: int | None
    prefixlen: int | None
    ifindex: int | None
    key: bytes | None

class tcp_repair_opt(NamedTuple):
    code: int | None
    val: int | None

class tcp_repair_window(NamedTuple):
    snd_wl1: int | None
    snd_wnd: int | None
    max_window: int | None
    rcv_wnd: int | None
    rcv_wup: int | None

class tcp_zerocopy_receive(NamedTuple):
    address: int | None
    length: int | None
    recv_skip_hint: int | None
    inq: int | None
    err: int | None
    copybuf_address: int | None
    copybuf_len: int | None
    flags: int | None
    msg_control: int | None
    msg_controllen: int | None
    msg_flags: int | None

class tcp_ao_add(NamedTuple):
    addr: str | None
    alg_name: str | None
    ifindex: int | None
    set_current: int | None
    set_rnext: int | None
    prefix: int | None
    sndid: int | None
    rcvid: int | None
    maclen: int | None
    keyflags: int | None
    key: bytes | None

class tcp_ao_del(NamedTuple):
    addr: str | None
    ifindex: int | None
    set_current: int | None
    set_rnext: int | None
    del_async: int | None
    prefix: int | None
    sndid: int | None
    rcvid: int | None
    current_key: int | None
    rnext: int | None
    keyflags: int | None

class tcp_ao_info_opt(NamedTuple):
    set_current: int | None
    set_rnext: int | None
    ao_required: int | None
    set_counters: int | None
    accept_icmps: int | None
    current_key: int | None
    rnext: int | None
    pkt_good: int | None
    pkt_bad: int | None
    pkt_key_not_found: int | None
    pkt_ao_required: int | None
    pkt_dropped_icmp: int | None

class tcp_ao_getsockopt(NamedTuple):
    addr: str | None
    alg_name: str | None
    key: bytes | None
    nkeys: int | None
    is_current: int | None
    is_rnext: int | None
    get_all: int | None
    sndid: int | None
    rcvid: int | None
    prefix: int | None
    maclen: int | None
    keyflags: int | None
    ifindex: int | None
    pkt_good: int | None
    pkt_bad: int | None

class tcp_ao_repair(NamedTuple):
    snt_isn: int | None
    rcv_isn: int | None
    snd_sne: int | None
    rcv_sne: int | None

class icmp_filter(NamedTuple):
    data: int | None

class icmp6_filter(NamedTuple):
    data: bytes | None

class mptcp_info(NamedTuple):
    subflows: int | None
    add_addr_signal: int | None
    add_addr_accepted: int | None
    subflows_max: int | None
    add_addr_signal_max: int | None
    add_addr_accepted_max: int | None
    flags: int | None
    token: int | None
    write_seq: int | None
    snd_una: int | None
    rcv_nxt: int | None
    local_addr_used: int | None
    local_addr_max: int | None
    csum_enabled: int | None
    retransmits: int | None
    bytes_retrans: int | None
    bytes_sent: int | None
    bytes_received: int | None
    bytes_acked: int | None
    subflows_total: int | None
    endp_laminar_max: int | None
    endp_fullmesh_max: int | None
    last_data_sent: float | None
    last_data_recv: float | None
    last_ack_recv: float | None

class mptcp_tcpinfo(NamedTuple):
    size_subflow_data: int | None
    num_subflows: int | None
    size_kernel: int | None
    size_user: int | None
    data: bytes | None

class mptcp_subflow_addrs_list(NamedTuple):
    size_subflow_data: int | None
    num_subflows: int | None
    size_kernel: int | None
    size_user: int | None
    addrs: tuple[str, ...] | None

class mptcp_full_info(NamedTuple):
    size_tcpinfo_kernel: int | None
    size_tcpinfo_user: int | None
    size_sfinfo_kernel: int | None
    size_sfinfo_user: int | None
    num_subflows: int | None
    size_arrays_user: int | None
    subflow_info: int | None
    tcp_info: int | None
    mptcp_info_subflows: int | None
    mptcp_info_add_addr_signal: int | None
    mptcp_info_add_addr_accepted: int | None
    mptcp_info_subflows_max: int | None
    mptcp_info_add_addr_signal_max: int | None
    mptcp_info_add_addr_accepted_max: int | None
    mptcp_info_flags: int | None
    mptcp_info_token: int | None
    mptcp_info_write_seq: int | None
    mptcp_info_snd_una: int | None
    mptcp_info_rcv_nxt: int | None
    mptcp_info_local_addr_used: int | None
    mptcp_info_local_addr_max: int | None
    mptcp_info_csum_enabled: int | None
    mptcp_info_retransmits: int | None
    mptcp_info_bytes_retrans: int | None
    mptcp_info_bytes_sent: int | None
    mptcp_info_bytes_received: int | None
    mptcp_info_bytes_acked: int | None
    mptcp_info_subflows_total: int | None
    mptcp_info_endp_laminar_max: int | None
    mptcp_info_endp_fullmesh_max: int | None
    mptcp_info_last_data_sent: float | None
    mptcp_info_last_data_recv: float | None
    mptcp_info_last_ack_recv: float | None

class tls_crypto_info(NamedTuple):
    version: int | None
    cipher_type: int | None

class tls12_crypto_info_aes_gcm_128(NamedTuple):
    version: int | None
    cipher_type: int | None
    iv: bytes | None
    key: bytes | None
    salt: bytes | None
    rec_seq: bytes | None

class tls12_crypto_info_aes_gcm_256(NamedTuple):
    version: int | None
    cipher_type: int | None
    iv: bytes | None
    key: bytes | None
    salt: bytes | None
    rec_seq: bytes | None

class tls12_crypto_info_aes_ccm_128(NamedTuple):
    version: int | None
    cipher_type: int | None
    iv: bytes | None
    key: bytes | None
    salt: bytes | None
    rec_seq: bytes | None

class tls12_crypto_info_chacha20_poly1305(NamedTuple):
    version: int | None
    cipher_type: int | None
    iv: bytes | None
    key: bytes | None
    rec_seq: bytes | None

class tls12_crypto_info_sm4_gcm(NamedTuple):
    version: int | None
    cipher_type: int | None
    iv: bytes | None
    key: bytes | None
    salt: bytes | None
    rec_seq: bytes | None

class tls12_crypto_info_sm4_ccm(NamedTuple):
    version: int | None
    cipher_type: int | None
    iv: bytes | None
    key: bytes | None
    salt: bytes | None
    rec_seq: bytes | None

class tls12_crypto_info_aria_gcm_128(NamedTuple):
    version: int | None
    cipher_type: int | None
    iv: bytes | None
    key: bytes | None
    salt: bytes | None
    rec_seq: bytes | None

class tls12_crypto_info_aria_gcm_256(NamedTuple):
    version: int | None
    cipher_type: int | None
    iv: bytes | None
    key: bytes | None
    salt: bytes | None
    rec_seq: bytes | None

class packet_mreq(NamedTuple):
    dev: int | None
    type: int | None
    address: bytes | None

class tpacket_req3(NamedTuple):
    block_size: int | None
    block_nr: int | None
    frame_size: int | None
    frame_nr: int | None
    retire_blk_tov: float | None
    sizeof_priv: int | None
    feature_req_word: int | None

class tpacket_stats_v3(NamedTuple):
    packets: int | None
    drops: int | None
    freeze_q_cnt: int | None

class tpacket_rollover_stats(NamedTuple):
    all: int | None
    huge: int | None
    failed: int | None

class fanout_args(NamedTuple):
    id: int | None
    type: int | None
    flags: int | None
    max_num_members: int | None

class fanout_state(NamedTuple):
    id: int | None
    type: int | None
    flags: int | None

class can_filter(NamedTuple):
    id: int | None
    mask: int | None

class can_raw_vcid_options(NamedTuple):
    flags: int | None
    tx_vcid: int | None
    rx_vcid: int | None
    rx_vcid_mask: int | None

class can_isotp_options(NamedTuple):
    flags: int | None
    frame_txtime: float | None
    ext_address: int | None
    txpad_content: int | None
    rxpad_content: int | None
    rx_ext_address: int | None

class can_isotp_fc_options(NamedTuple):
    bs: int | None
    stmin: int | None
    wftmax: int | None

class can_isotp_ll_options(NamedTuple):
    mtu: int | None
    tx_dl: int | None
    tx_flags: int | None

class j1939_filter(NamedTuple):
    name: int | None
    name_mask: int | None
    pgn: int | None
    pgn_mask: int | None
    addr: int | None
    addr_mask: int | None

class bt_security(NamedTuple):
    level: int | None
    key_size: int | None

class bt_power(NamedTuple):
    force_active: int | None

class bt_voice(NamedTuple):
    setting: int | None

class bt_iso_qos(NamedTuple):
    cig: int | None
    cis: int | None
    sca: int | None
    packing: int | None
    framing: int | None
    in_interval: float | None
    in_latency: float | None
    in_sdu: int | None
    in_phys: int | None
    in_rtn: int | None
    out_interval: float | None
    out_latency: float | None
    out_sdu: int | None
    out_phys: int | None
    out_rtn: int | None
    broadcast: bytes | None

class hci_ufilter(NamedTuple):
    type_mask: int | None
    event_mask_0: int | None
    event_mask_1: int | None
    opcode: int | None

class l2cap_options(NamedTuple):
    omtu: int | None
    imtu: int | None
    flush_to: int | None
    mode: int | None
    fcs: int | None
    max_tx: int | None
    txwin_size: int | None

class bt_conninfo(NamedTuple):
    hci_handle: int | None
    dev_class: bytes | None

class sco_options(NamedTuple):
    mtu: int | None

class tipc_group_req(NamedTuple):
    type: int | None
    instance: int | None
    scope: int | None
    flags: int | None

class rds_get_mr_args(NamedTuple):
    addr: int | None
    bytes: int | None
    cookie_addr: int | None
    flags: int | None

class rds_free_mr_args(NamedTuple):
    cookie: int | None
    flags: int | None

class rds_get_mr_for_dest_args(NamedTuple):
    dest_addr: str | None
    addr: int | None
    bytes: int | None
    cookie_addr: int | None
    flags: int | None

class rds_info_counter(NamedTuple):
    name: str | None
    value: int | None

class rds_info_connection(NamedTuple):
    next_tx_seq: int | None
    next_rx_seq: int | None
    laddr: str | None
    faddr: str | None
    transport: str | None
    flags: int | None
    tos: int | None

class rds_info_message(NamedTuple):
    seq: int | None
    len: int | None
    laddr: str | None
    faddr: str | None
    lport: int | None
    fport: int | None
    flags: int | None
    tos: int | None

class rds_info_socket(NamedTuple):
    sndbuf: int | None
    bound_addr: str | None
    connected_addr: str | None
    bound_port: int | None
    connected_port: int | None
    rcvbuf: int | None
    inum: int | None

class rds_info_tcp_socket(NamedTuple):
    local_addr: str | None
    local_port: int | None
    peer_addr: str | None
    peer_port: int | None
    hdr_rem: int | None
    data_rem: int | None
    last_sent_nxt: int | None
    last_expected_una: int | None
    last_seen_una: int | None
    tos: int | None

class rds6_info_connection(NamedTuple):
    next_tx_seq: int | None
    next_rx_seq: int | None
    laddr: str | None
    faddr: str | None
    transport: str | None
    flags: int | None

class rds6_info_message(NamedTuple):
    seq: int | None
    len: int | None
    laddr: str | None
    faddr: str | None
    lport: int | None
    fport: int | None
    flags: int | None
    tos: int | None

class rds6_info_socket(NamedTuple):
    sndbuf: int | None
    bound_addr: str | None
    connected_addr: str | None
    bound_port: int | None
    connected_port: int | None
    rcvbuf: int | None
    inum: int | None

class rds6_info_tcp_socket(NamedTuple):
    local_addr: str | None
    local_port: int | None
    peer_addr: str | None
    peer_port: int | None
    hdr_rem: int | None
    data_rem: int | None
    last_sent_nxt: int | None
    last_expected_una: int | None
    last_seen_una: int | None

class rds_info_rdma_connection(NamedTuple):
    src_addr: str | None
    dst_addr: str | None
    src_gid: bytes | None
    dst_gid: bytes | None
    max_send_wr: int | None
    max_recv_wr: int | None
    max_send_sge: int | None
    rdma_mr_max: int | None
    rdma_mr_size: int | None
    tos: int | None
    sl: int | None
    cache_allocs: int | None

class rds6_info_rdma_connection(NamedTuple):
    src_addr: str | None
    dst_addr: str | None
    src_gid: bytes | None
    dst_gid: bytes | None
    max_send_wr: int | None
    max_recv_wr: int | None
    max_send_sge: int | None
    rdma_mr_max: int | None
    rdma_mr_size: int | None
    tos: int | None
    sl: int | None
    cache_allocs: int | None

class rds_rx_trace_so(NamedTuple):
    traces: int | None
    trace_pos_0: int | None
    trace_pos_1: int | None
    trace_pos_2: int | None

class sctp_rtoinfo(NamedTuple):
    assoc_id: int | None
    initial: float | None
    max: float | None
    min: float | None

class sctp_assocparams(NamedTuple):
    assoc_id: int | None
    asocmaxrxt: int | None
    number_peer_destinations: int | None
    peer_rwnd: int | None
    local_rwnd: int | None
    cookie_life: float | None

class sctp_initmsg(NamedTuple):
    num_ostreams: int | None
    max_instreams: int | None
    max_attempts: int | None
    max_init_timeo: float | None

class sctp_setpeerprim(NamedTuple):
    assoc_id: int | None
    addr: str | None

class sctp_prim(NamedTuple):
    assoc_id: int | None
    addr: str | None

class sctp_setadaptation(NamedTuple):
    adaptation_ind: int | None

class sctp_paddrparams(NamedTuple):
    assoc_id: int | None
    address: str | None
    hbinterval: float | None
    pathmaxrxt: int | None
    pathmtu: int | None
    sackdelay: float | None
    flags: int | None
    ipv6_flowlabel: int | None
    dscp: int | None

class sctp_sndrcvinfo(NamedTuple):
    stream: int | None
    ssn: int | None
    flags: int | None
    ppid: int | None
    context: int | None
    timetolive: float | None
    tsn: int | None
    cumtsn: int | None
    assoc_id: int | None

class sctp_event_subscribe(NamedTuple):
    data_io_event: int | None
    association_event: int | None
    address_event: int | None
    send_failure_event: int | None
    peer_error_event: int | None
    shutdown_event: int | None
    partial_delivery_event: int | None
    adaptation_layer_event: int | None
    authentication_event: int | None
    sender_dry_event: int | None
    stream_reset_event: int | None
    assoc_reset_event: int | None
    stream_change_event: int | None
    send_failure_event_event: int | None

class sctp_assoc_value(NamedTuple):
    assoc_id: int | None
    value: int | None

class sctp_paddrinfo(NamedTuple):
    assoc_id: int | None
    address: str | None
    state: int | None
    cwnd: int | None
    srtt: float | None
    rto: float | None
    mtu: int | None

class sctp_status(NamedTuple):
    assoc_id: int | None
    state: int | None
    rwnd: int | None
    unackdata: int | None
    penddata: int | None
    instrms: int | None
    outstrms: int | None
    fragmentation_point: int | None
    primary_assoc_id: int | None
    primary_address: str | None
    primary_state: int | None
    primary_cwnd: int | None
    primary_srtt: float | None
    primary_rto: float | None
    primary_mtu: int | None

class sctp_sack_info(NamedTuple):
    assoc_id: int | None
    delay: float | None
    freq: int | None

class sctp_authchunk(NamedTuple):
    chunk: int | None

class sctp_hmacalgo(NamedTuple):
    idents: tuple[int, ...] | None

class sctp_authkey(NamedTuple):
    assoc_id: int | None
    keynumber: int | None
    key: bytes | None

class sctp_authkeyid(NamedTuple):
    assoc_id: int | None
    keynumber: int | None

class sctp_authchunks(NamedTuple):
    assoc_id: int | None
    chunks: bytes | None

class sctp_assoc_ids(NamedTuple):
    assoc_id: tuple[int, ...] | None

class sctp_paddrthlds(NamedTuple):
    assoc_id: int | None
    address: str | None
    pathmaxrxt: int | None
    pathpfthld: int | None

class sctp_paddrthlds_v2(NamedTuple):
    assoc_id: int | None
    address: str | None
    pathmaxrxt: int | None
    pathpfthld: int | None
    pathcpthld: int | None

class sctp_sndinfo(NamedTuple):
    sid: int | None
    flags: int | None
    ppid: int | None
    context: int | None
    assoc_id: int | None

class sctp_peeloff_arg(NamedTuple):
    assoc_id: int | None
    sd: int | None

class sctp_peeloff_flags_arg(NamedTuple):
    assoc_id: int | None
    sd: int | None
    flags: int | None

class sctp_getaddrs(NamedTuple):
    assoc_id: int | None
    addr_num: int | None
    addrs: tuple[str, ...] | None

class sctp_assoc_stats(NamedTuple):
    assoc_id: int | None
    obs_rto_ipaddr: str | None
    maxrto: float | None
    isacks: int | None
    osacks: int | None
    opackets: int | None
    ipackets: int | None
    rtxchunks: int | None
    outofseqtsns: int | None
    idupchunks: int | None
    gapcnt: int | None
    ouodchunks: int | None
    iuodchunks: int | None
    oodchunks: int | None
    iodchunks: int | None
    octrlchunks: int | None
    ictrlchunks: int | None

class sctp_default_prinfo(NamedTuple):
    assoc_id: int | None
    value: int | None
    policy: int | None

class sctp_prstatus(NamedTuple):
    assoc_id: int | None
    sid: int | None
    policy: int | None
    abandoned_unsent: int | None
    abandoned_sent: int | None

class sctp_reset_streams(NamedTuple):
    assoc_id: int | None
    flags: int | None
    stream_list: tuple[int, ...] | None

class sctp_add_streams(NamedTuple):
    assoc_id: int | None
    instrms: int | None
    outstrms: int | None

class sctp_stream_value(NamedTuple):
    assoc_id: int | None
    stream: int | None
    value: int | None

class sctp_event(NamedTuple):
    assoc_id: int | None
    type: int | None
    on: int | None

class sctp_udpencaps(NamedTuple):
    assoc_id: int | None
    address: str | None
    port: int | None

class sctp_probeinterval(NamedTuple):
    assoc_id: int | None
    address: str | None
    interval: float | None

class xdp_mmap_offsets(NamedTuple):
    rx_producer: int | None
    rx_consumer: int | None
    rx_desc: int | None
    rx_flags: int | None
    tx_producer: int | None
    tx_consumer: int | None
    tx_desc: int | None
    tx_flags: int | None
    fr_producer: int | None
    fr_consumer: int | None
    fr_desc: int | None
    fr_flags: int | None
    cr_producer: int | None
    cr_consumer: int | None
    cr_desc: int | None
    cr_flags: int | None

class xdp_umem_reg(NamedTuple):
    addr: int | None
    len: int | None
    chunk_size: int | None
    headroom: int | None
    flags: int | None
    tx_metadata_len: int | None

class xdp_statistics(NamedTuple):
    rx_dropped: int | None
    rx_invalid_descs: int | None
    tx_invalid_descs: int | None
    rx_ring_full: int | None
    rx_fill_ring_empty_descs: int | None
    tx_ring_empty_descs: int | None

class xdp_options(NamedTuple):
    flags: int | None

class rxrpc_upgrade(NamedTuple):
    from_: int | None
    to: int | None

class atm_qos(NamedTuple):
    tx_class: int | None
    tx_max_pcr: int | None
    tx_pcr: int | None
    tx_min_pcr: int | None
    tx_max_cdv: float | None
    tx_max_sdu: int | None
    tx_icr: int | None
    tx_tbe: int | None
    tx_bits_0: int | None
    tx_bits_1: int | None
    rx_class: int | None
    rx_max_pcr: int | None
    rx_pcr: int | None
    rx_min_pcr: int | None
    rx_max_cdv: float | None
    rx_max_sdu: int | None
    rx_icr: int | None
    rx_tbe: int | None
    rx_bits_0: int | None
    rx_bits_1: int | None
    aal: int | None

class atmpvc(NamedTuple):
    itf: int | None
    vpi: int | None
    vci: int | None

class tfrc_rx_info(NamedTuple):
    x_recv: int | None
    rtt: float | None
    p: int | None

class tfrc_tx_info(NamedTuple):
    x: int | None
    x_recv: int | None
    x_calc: int | None
    rtt: float | None
    p: int | None
    rto: float | None
    ipi: float | None

_ip_option: TypeAlias = ip_option | ip_option_bare
_ipv6_tlv: TypeAlias = ipv6_tlv | ipv6_tlv_pad1
_ipv6_rt_hdr: TypeAlias = ipv6_rt_hdr | rt0_hdr | ipv6_sr_hdr
_tls_crypto_info: TypeAlias = (
    tls_crypto_info
    | tls12_crypto_info_aes_gcm_128
    | tls12_crypto_info_aes_gcm_256
    | tls12_crypto_info_aes_ccm_128
    | tls12_crypto_info_chacha20_poly1305
    | tls12_crypto_info_sm4_gcm
    | tls12_crypto_info_sm4_ccm
    | tls12_crypto_info_aria_gcm_128
    | tls12_crypto_info_aria_gcm_256
)

class OptionAttributes:
    so_debug: _Switch
    so_reuseaddr: _Switch
    so_type: _Read[int]
    so_error: _Read[int]
    so_dontroute: _Switch
    so_broadcast: _Switch
    so_sndbuf: _Both[int, int]
    so_rcvbuf: _Both[int, int]
    so_sndbufforce: _Write[int]
    so_rcvbufforce: _Write[int]
    so_keepalive: _Switch
    so_oobinline: _Switch
    so_no_check: _Switch
    so_priority: _Both[int, int]
    so_linger: _Both[linger, _Struct | int | _Address]
    so_bsdcompat: _Switch
    so_reuseport: _Switch
    so_passcred: _Switch
    so_peercred: _Read[ucred]
    so_rcvlowat: _Both[int, int]
    so_sndlowat: _Read[int]
    so_rcvtimeo_old: _Both[float, _Time]
    so_sndtimeo_old: _Both[float, _Time]
    so_security_authentication: _Write[int]
    so_security_encryption_transport: _Write[int]
    so_security_encryption_network: _Write[int]
    so_bindtodevice: _Both[str, bytes]
    so_attach_filter: _Write[_Bytes]
    so_detach_filter: _Write[int]
    so_get_filter: _Read[bytes]
    so_peername: _Read[str]
    so_timestamp_old: _Switch
    so_acceptconn: _Read[bool]
    so_peersec: _Read[str]
    so_passsec: _Switch
    so_timestampns_old: _Switch
    so_mark: _Both[int, int]
    so_timestamping_old: _Both[so_timestamping, _Struct | int | _Address]
    so_protocol: _Read[int]
    so_domain: _Read[int]
    so_rxq_ovfl: _Switch
    so_wifi_status: _Switch
    so_peek_off: _Both[int, int]
    so_nofcs: _Switch
    so_lock_filter: _Switch
    so_select_err_queue: _Switch
    so_busy_poll: _Both[float, _Time]
    so_max_pacing_rate: _Both[int, int]
    so_bpf_extensions: _Read[int]
    so_incoming_cpu: _Both[int, int]
    so_attach_bpf: _Write[int]
    so_attach_reuseport_cbpf: _Write[_Bytes]
    so_attach_reuseport_ebpf: _Write[int]
    so_cnx_advice: _Write[int]
    so_meminfo: _Read[meminfo]
    so_incoming_napi_id: _Read[int]
    so_cookie: _Read[int]
    so_peergroups: _Read[list[int]]
    so_zerocopy: _Switch
    so_txtime: _Both[sock_txtime, _Struct | int | _Address]
    so_bindtoifindex: _Both[int, int]
    so_timestamp_new: _Switch
    so_timestampns_new: _Switch
    so_timestamping_new: _Both[so_timestamping, _Struct | int | _Address]
    so_rcvtimeo_new: _Both[float, _Time]
    so_sndtimeo_new: _Both[float, _Time]
    so_detach_reuseport_bpf: _Write[int]
    so_prefer_busy_poll: _Switch
    so_busy_poll_budget: _Write[int]
    so_netns_cookie: _Read[int]
    so_buf_lock: _Both[int, int]
    so_reserve_mem: _Both[int, int]
    so_txrehash: _Both[int, int]
    so_rcvmark: _Switch
    so_passpidfd: _Switch
    so_peerpidfd: _Read[int]
    so_devmem_dontneed: _Write[Iterable[_Struct | int | _Address]]
    so_rcvpriority: _Switch
    so_passrights: _Switch
    so_inq: _Write[bool]
    so_timestamp: _Switch
    so_timestampns: _Switch
    so_timestamping: _Both[so_timestamping, _Struct | int | _Address]
    so_rcvtimeo: _Both[float, _Time]
    so_sndtimeo: _Both[float, _Time]
    so_detach_bpf: _Write[int]
    ip_tos: _Both[int, int]
    ip_ttl: _Both[int, int]
    ip_hdrincl: _Switch
    ip_options: _Both[list[_ip_option], Iterable[_Struct | int | _Address]]
    ip_router_alert: _Switch
    ip_recvopts: _Switch
    ip_retopts: _Switch
    ip_pktinfo: _Switch
    ip_pktoptions: _Read[list[cmsghdr]]
    ip_mtu_discover: _Both[int, int]
    ip_recverr: _Switch
    ip_recvttl: _Switch
    ip_recvtos: _Switch
    ip_mtu: _Read[int]
    ip_freebind: _Switch
    ip_ipsec_policy: _Write[_Struct | int | _Address | None]
    ip_xfrm_policy: _Write[_Struct | int | _Address | None]
    ip_passsec: _Switch
    ip_transparent: _Switch
    ip_recvorigdstaddr: _Switch
    ip_origdstaddr: _Switch
    ip_recvretopts: _Switch
    ip_minttl: _Both[int, int]
    ip_nodefrag: _Switch
    ip_checksum: _Switch
    ip_bind_address_no_port: _Switch
    ip_recvfragsize: _Switch
    ip_recverr_rfc4884: _Switch
    ip_multicast_if: _Both[str, _Struct | int | _Address]
    ip_multicast_ttl: _Both[int, int]
    ip_multicast_loop: _Switch
    ip_add_membership: _Write[_Struct | int | _Address]
    ip_drop_membership: _Write[_Struct | int | _Address]
    ip_unblock_source: _Write[_Struct | int | _Address]
    ip_block_source: _Write[_Struct | int | _Address]
    ip_add_source_membership: _Write[_Struct | int | _Address]
    ip_drop_source_membership: _Write[_Struct | int | _Address]
    ip_msfilter: _Both[ip_msfilter, _Struct | int | _Address]
    mcast_join_group: _Write[_Struct | int | _Address]
    mcast_block_source: _Write[_Struct | int | _Address]
    mcast_unblock_source: _Write[_Struct | int | _Address]
    mcast_leave_group: _Write[_Struct | int | _Address]
    mcast_join_source_group: _Write[_Struct | int | _Address]
    mcast_leave_source_group: _Write[_Struct | int | _Address]
    mcast_msfilter: _Both[group_filter, _Struct | int | _Address]
    ip_multicast_all: _Switch
    ip_unicast_if: _Both[int, int]
    ip_local_port_range: _Both[port_range, _Struct | int | _Address]
    ip_protocol: _Read[int]
    mrt_init: _Write[bool]
    mrt_done: _Write[None]
    mrt_add_vif: _Write[_Struct | int | _Address]
    mrt_del_vif: _Write[_Struct | int | _Address]
    mrt_add_mfc: _Write[_Struct | int | _Address]
    mrt_del_mfc: _Write[_Struct | int | _Address]
    mrt_version: _Read[int]
    mrt_assert: _Switch
    mrt_pim: _Switch
    mrt_table: _Write[int]
    mrt_add_mfc_proxy: _Write[_Struct | int | _Address]
    mrt_del_mfc_proxy: _Write[_Struct | int | _Address]
    mrt_flush: _Write[int]
    so_original_dst: _Read[str]
    ipt_so_set_replace: _Write[_Struct | int | _Address]
    ipt_so_set_add_counters: _Write[_Struct | int | _Address]
    ipt_so_get_info: _Read[ipt_getinfo]
    ipt_so_get_entries: _Read[ipt_get_entries]
    ipt_so_get_revision_match: _Read[xt_get_revision]
    ipt_so_get_revision_target: _Read[xt_get_revision]
    arpt_so_set_replace: _Write[_Struct | int | _Address]
    arpt_so_set_add_counters: _Write[_Struct | int | _Address]
    arpt_so_get_info: _Read[arpt_getinfo]
    arpt_so_get_entries: _Read[arpt_get_entries]
    arpt_so_get_revision_target: _Read[xt_get_revision]
    ebt_so_set_entries: _Write[_Struct | int | _Address]
    ebt_so_set_counters: _Write[_Struct | int | _Address]
    ebt_so_get_info: _Read[ebt_replace]
    ebt_so_get_entries: _Read[ebt_replace_data]
    ebt_so_get_init_info: _Read[ebt_replace]
    ebt_so_get_init_entries: _Read[ebt_replace_data]
    ip_vs_so_set_none: _Write[None]
    ip_vs_so_set_insert: _Write[None]
    ip_vs_so_set_add: _Write[_Struct | int | _Address]
    ip_vs_so_set_edit: _Write[_Struct | int | _Address]
    ip_vs_so_set_del: _Write[_Struct | int | _Address]
    ip_vs_so_set_flush: _Write[None]
    ip_vs_so_set_list: _Write[None]
    ip_vs_so_set_adddest: _Write[_Struct | int | _Address]
    ip_vs_so_set_deldest: _Write[_Struct | int | _Address]
    ip_vs_so_set_editdest: _Write[_Struct | int | _Address]
    ip_vs_so_set_timeout: _Write[_Struct | int | _Address]
    ip_vs_so_set_startdaemon: _Write[_Struct | int | _Address]
    ip_vs_so_set_stopdaemon: _Write[_Struct | int | _Address]
    ip_vs_so_set_restore: _Write[None]
    ip_vs_so_set_save: _Write[None]
    ip_vs_so_set_zero: _Write[_Struct | int | _Address]
    ip_vs_so_get_version: _Read[str]
    ip_vs_so_get_info: _Read[ip_vs_getinfo]
    ip_vs_so_get_services: _Read[ip_vs_get_services]
    ip_vs_so_get_service: _Read[ip_vs_service_entry]
    ip_vs_so_get_dests: _Read[ip_vs_get_dests]
    ip_vs_so_get_dest: _Read[None]
    ip_vs_so_get_timeout: _Read[ip_vs_timeout_user]
    ip_vs_so_get_daemon: _Read[ip_vs_daemons]
    ipv6_addrform: _Both[int, int]
    ipv6_2292pktinfo: _Switch
    ipv6_2292hopopts: _Switch
    ipv6_2292dstopts: _Switch
    ipv6_2292rthdr: _Switch
    ipv6_2292pktoptions: _Both[list[cmsghdr], Iterable[_Struct | int | _Address]]
    ipv6_checksum: _Both[int, int]
    ipv6_2292hoplimit: _Switch
    ipv6_nexthop: _Write[_Address]
    ipv6_authhdr: _Switch
    ipv6_flowinfo: _Switch
    ipv6_unicast_hops: _Both[int, int]
    ipv6_multicast_if: _Both[int, int]
    ipv6_multicast_hops: _Both[int, int]
    ipv6_multicast_loop: _Switch
    ipv6_add_membership: _Write[_Struct | int | _Address]
    ipv6_join_group: _Write[_Struct | int | _Address]
    ipv6_drop_membership: _Write[_Struct | int | _Address]
    ipv6_leave_group: _Write[_Struct | int | _Address]
    ipv6_router_alert: _Both[int, int]
    ipv6_mtu_discover: _Both[int, int]
    ipv6_mtu: _Both[int, int]
    ipv6_recverr: _Switch
    ipv6_v6only: _Switch
    ipv6_join_anycast: _Write[_Struct | int | _Address]
    ipv6_leave_anycast: _Write[_Struct | int | _Address]
    ipv6_multicast_all: _Switch
    ipv6_router_alert_isolate: _Switch
    ipv6_recverr_rfc4884: _Switch
    ipv6_flowlabel_mgr: _Both[in6_flowlabel_req, _Struct | int | _Address]
    ipv6_flowinfo_send: _Switch
    ipv6_ipsec_policy: _Write[_Struct | int | _Address | None]
    ipv6_xfrm_policy: _Write[_Struct | int | _Address | None]
    ipv6_hdrincl: _Switch
    ipv6_recvpktinfo: _Switch
    ipv6_pktinfo: _Write[_Struct | int | _Address]
    ipv6_recvhoplimit: _Switch
    ipv6_recvhopopts: _Switch
    ipv6_hopopts: _Both[ipv6_opt_hdr | None, _Struct | int | _Address | None]
    ipv6_rthdrdstopts: _Both[ipv6_opt_hdr | None, _Struct | int | _Address | None]
    ipv6_recvrthdr: _Switch
    ipv6_rthdr: _Both[_ipv6_rt_hdr | None, _Struct | int | _Address | None]
    ipv6_recvdstopts: _Switch
    ipv6_dstopts: _Both[ipv6_opt_hdr | None, _Struct | int | _Address | None]
    ipv6_recvpathmtu: _Switch
    ipv6_pathmtu: _Read[ip6_mtuinfo]
    ipv6_dontfrag: _Switch
    ipv6_use_min_mtu: _Both[int, int]
    ip6t_so_set_replace: _Write[_Struct | int | _Address]
    ip6t_so_set_add_counters: _Write[_Struct | int | _Address]
    ip6t_so_get_info: _Read[ipt_getinfo]
    ip6t_so_get_entries: _Read[ip6t_get_entries]
    ipv6_recvtclass: _Switch
    ipv6_tclass: _Both[int, int]
    ip6t_so_get_revision_match: _Read[xt_get_revision]
    ip6t_so_get_revision_target: _Read[xt_get_revision]
    ipv6_autoflowlabel: _Switch
    ipv6_addr_preferences: _Both[int, int]
    ipv6_minhopcount: _Both[int, int]
    ipv6_recvorigdstaddr: _Switch
    ipv6_origdstaddr: _Switch
    ipv6_transparent: _Switch
    ipv6_unicast_if: _Both[int, int]
    ipv6_recvfragsize: _Switch
    ipv6_freebind: _Switch
    ip6t_so_original_dst: _Read[str]
    mrt6_init: _Write[bool]
    mrt6_done: _Write[None]
    mrt6_add_mif: _Write[_Struct | int | _Address]
    mrt6_del_mif: _Write[int]
    mrt6_add_mfc: _Write[_Struct | int | _Address]
    mrt6_del_mfc: _Write[_Struct | int | _Address]
    mrt6_version: _Read[int]
    mrt6_assert: _Switch
    mrt6_pim: _Switch
    mrt6_table: _Write[int]
    mrt6_add_mfc_proxy: _Write[_Struct | int | _Address]
    mrt6_del_mfc_proxy: _Write[_Struct | int | _Address]
    mrt6_flush: _Write[int]
    tcp_nodelay: _Switch
    tcp_maxseg: _Both[int, int]
    tcp_cork: _Switch
    tcp_keepidle: _Both[float, _Time]
    tcp_keepintvl: _Both[float, _Time]
    tcp_keepcnt: _Both[int, int]
    tcp_syncnt: _Both[int, int]
    tcp_linger2: _Both[float, _Time]
    tcp_defer_accept: _Both[float, _Time]
    tcp_window_clamp: _Both[int, int]
    tcp_info: _Read[tcp_info]
    tcp_quickack: _Both[int, int]
    tcp_congestion: _Both[str, bytes]
    tcp_md5sig: _Write[_Struct | int | _Address]
    tcp_thin_linear_timeouts: _Switch
    tcp_thin_dupack: _Switch
    tcp_user_timeout: _Both[float, _Time]
    tcp_repair: _Both[int, int]
    tcp_repair_queue: _Both[int, int]
    tcp_queue_seq: _Both[int, int]
    tcp_repair_options: _Write[Iterable[_Struct | int | _Address]]
    tcp_fastopen: _Both[int, int]
    tcp_timestamp: _Both[int, int]
    tcp_notsent_lowat: _Both[int, int]
    tcp_cc_info: _Read[tcp_cc_info]
    tcp_save_syn: _Both[int, int]
    tcp_saved_syn: _Read[bytes]
    tcp_repair_window: _Both[tcp_repair_window, _Struct | int | _Address]
    tcp_fastopen_connect: _Switch
    tcp_ulp: _Both[str, bytes]
    tcp_md5sig_ext: _Write[_Struct | int | _Address]
    tcp_fastopen_key: _Both[bytes, _Bytes]
    tcp_fastopen_no_cookie: _Switch
    tcp_zerocopy_receive: _Read[tcp_zerocopy_receive]
    tcp_inq: _Switch
    tcp_tx_delay: _Both[float, _Time]
    tcp_ao_add_key: _Write[_Struct | int | _Address]
    tcp_ao_del_key: _Write[_Struct | int | _Address]
    tcp_ao_info: _Both[tcp_ao_info_opt, _Struct | int | _Address]
    tcp_ao_get_keys: _Read[list[tcp_ao_getsockopt]]
    tcp_ao_repair: _Both[tcp_ao_repair, _Struct | int | _Address]
    tcp_is_mptcp: _Read[bool]
    tcp_rto_max_ms: _Both[float, _Time]
    tcp_rto_min_us: _Both[float, _Time]
    tcp_delack_max_us: _Both[float, _Time]
    udp_cork: _Switch
    udp_encap: _Both[int, int]
    udp_no_check6_tx: _Switch
    udp_no_check6_rx: _Switch
    udp_segment: _Both[int, int]
    udp_gro: _Switch
    udplite_send_cscov: _Both[int, int]
    udplite_recv_cscov: _Both[int, int]
    icmp_filter: _Both[icmp_filter, _Struct | int | _Address]
    icmpv6_filter: _Both[icmp6_filter, _Struct | int | _Address]
    mptcp_info: _Read[mptcp_info]
    mptcp_tcpinfo: _Read[mptcp_tcpinfo]
    mptcp_subflow_addrs: _Read[mptcp_subflow_addrs_list]
    mptcp_full_info: _Read[mptcp_full_info]
    tls_tx: _Both[_tls_crypto_info, _Struct | int | _Address]
    tls_rx: _Both[_tls_crypto_info, _Struct | int | _Address]
    tls_tx_zerocopy_ro: _Both[int, int]
    tls_rx_expect_no_pad: _Both[int, int]
    tls_tx_max_payload_len: _Both[int, int]
    packet_add_membership: _Write[_Struct | int | _Address]
    packet_drop_membership: _Write[_Struct | int | _Address]
    packet_recv_output: _Write[int]
    packet_rx_ring: _Write[_Struct | int | _Address]
    packet_statistics: _Read[tpacket_stats_v3]
    packet_copy_thresh: _Both[int, int]
    packet_auxdata: _Switch
    packet_origdev: _Switch
    packet_version: _Both[int, int]
    packet_hdrlen: _Read[int]
    packet_reserve: _Both[int, int]
    packet_tx_ring: _Write[_Struct | int | _Address]
    packet_loss: _Switch
    packet_vnet_hdr: _Switch
    packet_tx_timestamp: _Write[int]
    packet_timestamp: _Both[int, int]
    packet_fanout: _Both[fanout_state, _Struct | int | _Address]
    packet_tx_has_off: _Switch
    packet_qdisc_bypass: _Switch
    packet_rollover_stats: _Read[tpacket_rollover_stats]
    packet_fanout_data: _Write[_Bytes]
    packet_ignore_outgoing: _Switch
    packet_vnet_hdr_sz: _Both[int, int]
    netlink_add_membership: _Write[int]
    netlink_drop_membership: _Write[int]
    netlink_pktinfo: _Switch
    netlink_broadcast_error: _Switch
    netlink_no_enobufs: _Switch
    netlink_rx_ring: _Write[_Bytes]
    netlink_tx_ring: _Write[_Bytes]
    netlink_listen_all_nsid: _Switch
    netlink_list_memberships: _Read[list[int]]
    netlink_cap_ack: _Switch
    netlink_ext_ack: _Switch
    netlink_get_strict_chk: _Switch
    so_vm_sockets_buffer_size: _Both[int, int]
    so_vm_sockets_buffer_min_size: _Both[int, int]
    so_vm_sockets_buffer_max_size: _Both[int, int]
    so_vm_sockets_peer_host_vm_id: _Read[int]
    so_vm_sockets_trusted: _Read[int]
    so_vm_sockets_connect_timeout_old: _Both[float, _Time]
    so_vm_sockets_nonblock_txrx: _Write[int]
    so_vm_sockets_connect_timeout_new: _Both[float, _Time]
    so_vm_sockets_connect_timeout: _Both[float, _Time]
    can_raw_filter: _Both[list[can_filter], Iterable[_Struct | int | _Address]]
    can_raw_err_filter: _Both[int, int]
    can_raw_loopback: _Switch
    can_raw_recv_own_msgs: _Switch
    can_raw_fd_frames: _Switch
    can_raw_join_filters: _Switch
    can_raw_xl_frames: _Switch
    can_raw_xl_vcid_opts: _Both[can_raw_vcid_options, _Struct | int | _Address]
    can_isotp_opts: _Both[can_isotp_options, _Struct | int | _Address]
    can_isotp_recv_fc: _Both[can_isotp_fc_options, _Struct | int | _Address]
    can_isotp_tx_stmin: _Both[float, _Time]
    can_isotp_rx_stmin: _Both[float, _Time]
    can_isotp_ll_opts: _Both[can_isotp_ll_options, _Struct | int | _Address]
    so_j1939_filter: _Write[Iterable[_Struct | int | _Address]]
    so_j1939_promisc: _Switch
    so_j1939_send_prio: _Both[int, int]
    so_j1939_errqueue: _Switch
    alg_set_key: _Write[_Bytes]
    alg_set_aead_authsize: _Write[int]
    alg_set_drbg_entropy: _Write[_Bytes]
    alg_set_key_by_key_serial: _Write[int]
    bt_security: _Both[bt_security, _Struct | int | _Address]
    bt_defer_setup: _Switch
    bt_flushable: _Switch
    bt_power: _Both[bt_power, _Struct | int | _Address]
    bt_channel_policy: _Both[int, int]
    bt_voice: _Both[bt_voice, _Struct | int | _Address]
    bt_sndmtu: _Read[int]
    bt_rcvmtu: _Both[int, int]
    bt_phy: _Both[int, int]
    bt_mode: _Both[int, int]
    bt_pkt_status: _Switch
    bt_iso_qos: _Both[bt_iso_qos, _Struct | int | _Address]
    bt_codec: _Both[bytes, _Bytes]
    bt_iso_base: _Both[bytes, _Bytes]
    bt_pkt_seqnum: _Write[bool]
    hci_data_dir: _Switch
    hci_filter: _Both[hci_ufilter, _Struct | int | _Address]
    hci_time_stamp: _Switch
    l2cap_options: _Both[l2cap_options, _Struct | int | _Address]
    l2cap_conninfo: _Read[bt_conninfo]
    l2cap_lm: _Both[int, int]
    sco_options: _Read[sco_options]
    sco_conninfo: _Read[bt_conninfo]
    rfcomm_conninfo: _Read[bt_conninfo]
    rfcomm_lm: _Both[int, int]
    tipc_importance: _Both[int, int]
    tipc_src_droppable: _Switch
    tipc_dest_droppable: _Switch
    tipc_conn_timeout: _Both[float, _Time]
    tipc_node_recvq_depth: _Read[int]
    tipc_sock_recvq_depth: _Read[int]
    tipc_mcast_broadcast: _Write[None]
    tipc_mcast_replicast: _Write[None]
    tipc_group_join: _Both[int, _Struct | int | _Address]
    tipc_group_leave: _Write[None]
    tipc_sock_recvq_used: _Read[int]
    tipc_nodelay: _Write[bool]
    rds_cancel_sent_to: _Write[_Address]
    rds_get_mr: _Write[_Struct | int | _Address]
    rds_free_mr: _Write[_Struct | int | _Address]
    rds_recverr: _Switch
    rds_cong_monitor: _Write[bool]
    rds_get_mr_for_dest: _Write[_Struct | int | _Address]
    so_rds_transport: _Both[int, int]
    so_rds_msg_rxpath_latency: _Write[_Struct | int | _Address]
    rds_info_counters: _Read[list[rds_info_counter]]
    rds_info_connections: _Read[list[rds_info_connection]]
    rds_info_send_messages: _Read[list[rds_info_message]]
    rds_info_retrans_messages: _Read[list[rds_info_message]]
    rds_info_recv_messages: _Read[list[rds_info_message]]
    rds_info_sockets: _Read[list[rds_info_socket]]
    rds_info_tcp_sockets: _Read[list[rds_info_tcp_socket]]
    rds_info_ib_connections: _Read[list[rds_info_rdma_connection]]
    rds_info_connection_stats: _Read[bytes]
    rds_info_iwarp_connections: _Read[list[rds_info_rdma_connection]]
    rds6_info_connections: _Read[list[rds6_info_connection]]
    rds6_info_send_messages: _Read[list[rds6_info_message]]
    rds6_info_retrans_messages: _Read[list[rds6_info_message]]
    rds6_info_recv_messages: _Read[list[rds6_info_message]]
    rds6_info_sockets: _Read[list[rds6_info_socket]]
    rds6_info_tcp_sockets: _Read[list[rds6_info_tcp_socket]]
    rds6_info_ib_connections: _Read[list[rds6_info_rdma_connection]]
    sctp_rtoinfo: _Both[sctp_rtoinfo, _Struct | int | _Address]
    sctp_associnfo: _Both[sctp_assocparams, _Struct | int | _Address]
    sctp_initmsg: _Both[sctp_initmsg, _Struct | int | _Address]
    sctp_nodelay: _Switch
    sctp_autoclose: _Both[float, _Time]
    sctp_set_peer_primary_addr: _Write[_Struct | int | _Address]
    sctp_primary_addr: _Both[sctp_prim, _Struct | int | _Address]
    sctp_adaptation_layer: _Both[sctp_setadaptation, _Struct | int | _Address]
    sctp_disable_fragments: _Switch
    sctp_peer_addr_params: _Both[sctp_paddrparams, _Struct | int | _Address]
    sctp_default_send_param: _Both[sctp_sndrcvinfo, _Struct | int | _Address]
    sctp_events: _Both[sctp_event_subscribe, _Struct | int | _Address]
    sctp_i_want_mapped_v4_addr: _Switch
    sctp_maxseg: _Both[sctp_assoc_value, _Struct | int | _Address]
    sctp_status: _Read[sctp_status]
    sctp_get_peer_addr_info: _Read[sctp_paddrinfo]
    sctp_delayed_ack_time: _Both[sctp_sack_info, _Struct | int | _Address]
    sctp_delayed_sack: _Both[sctp_sack_info, _Struct | int | _Address]
    sctp_delayed_ack: _Both[sctp_sack_info, _Struct | int | _Address]
    sctp_context: _Both[sctp_assoc_value, _Struct | int | _Address]
    sctp_fragment_interleave: _Both[int, int]
    sctp_partial_delivery_point: _Both[int, int]
    sctp_max_burst: _Both[sctp_assoc_value, _Struct | int | _Address]
    sctp_auth_chunk: _Write[_Struct | int | _Address]
    sctp_hmac_ident: _Both[sctp_hmacalgo, _Struct | int | _Address]
    sctp_auth_key: _Write[_Struct | int | _Address]
    sctp_auth_active_key: _Both[sctp_authkeyid, _Struct | int | _Address]
    sctp_auth_delete_key: _Write[_Struct | int | _Address]
    sctp_peer_auth_chunks: _Read[sctp_authchunks]
    sctp_local_auth_chunks: _Read[sctp_authchunks]
    sctp_get_assoc_number: _Read[int]
    sctp_get_assoc_id_list: _Read[sctp_assoc_ids]
    sctp_auto_asconf: _Switch
    sctp_peer_addr_thlds: _Both[sctp_paddrthlds, _Struct | int | _Address]
    sctp_recvrcvinfo: _Switch
    sctp_recvnxtinfo: _Switch
    sctp_default_sndinfo: _Both[sctp_sndinfo, _Struct | int | _Address]
    sctp_auth_deactivate_key: _Write[_Struct | int | _Address]
    sctp_reuse_port: _Switch
    sctp_peer_addr_thlds_v2: _Both[sctp_paddrthlds_v2, _Struct | int | _Address]
    sctp_sockopt_bindx_add: _Write[Iterable[str]]
    sctp_sockopt_bindx_rem: _Write[Iterable[str]]
    sctp_sockopt_peeloff: _Read[sctp_peeloff_arg]
    sctp_sockopt_connectx_old: _Write[Iterable[str]]
    sctp_get_peer_addrs: _Read[sctp_getaddrs]
    sctp_get_local_addrs: _Read[sctp_getaddrs]
    sctp_sockopt_connectx: _Write[Iterable[str]]
    sctp_sockopt_connectx3: _Read[bytes]
    sctp_get_assoc_stats: _Read[sctp_assoc_stats]
    sctp_pr_supported: _Both[sctp_assoc_value, _Struct | int | _Address]
    sctp_default_prinfo: _Both[sctp_default_prinfo, _Struct | int | _Address]
    sctp_pr_assoc_status: _Read[sctp_prstatus]
    sctp_pr_stream_status: _Read[sctp_prstatus]
    sctp_reconfig_supported: _Both[sctp_assoc_value, _Struct | int | _Address]
    sctp_enable_stream_reset: _Both[sctp_assoc_value, _Struct | int | _Address]
    sctp_reset_streams: _Write[_Struct | int | _Address]
    sctp_reset_assoc: _Write[int]
    sctp_add_streams: _Write[_Struct | int | _Address]
    sctp_sockopt_peeloff_flags: _Read[sctp_peeloff_flags_arg]
    sctp_stream_scheduler: _Both[sctp_assoc_value, _Struct | int | _Address]
    sctp_stream_scheduler_value: _Both[sctp_stream_value, _Struct | int | _Address]
    sctp_interleaving_supported: _Both[sctp_assoc_value, _Struct | int | _Address]
    sctp_sendmsg_connect: _Write[_Bytes]
    sctp_event: _Both[sctp_event, _Struct | int | _Address]
    sctp_asconf_supported: _Both[sctp_assoc_value, _Struct | int | _Address]
    sctp_auth_supported: _Both[sctp_assoc_value, _Struct | int | _Address]
    sctp_ecn_supported: _Both[sctp_assoc_value, _Struct | int | _Address]
    sctp_expose_potentially_failed_state: _Both[sctp_assoc_value, _Struct | int | _Address]
    sctp_expose_pf_state: _Both[sctp_assoc_value, _Struct | int | _Address]
    sctp_remote_udp_encaps_port: _Both[sctp_udpencaps, _Struct | int | _Address]
    sctp_plpmtud_probe_interval: _Both[sctp_probeinterval, _Struct | int | _Address]
    xdp_mmap_offsets: _Read[xdp_mmap_offsets]
    xdp_rx_ring: _Write[int]
    xdp_tx_ring: _Write[int]
    xdp_umem_reg: _Write[_Struct | int | _Address]
    xdp_umem_fill_ring: _Write[int]
    xdp_umem_completion_ring: _Write[int]
    xdp_statistics: _Read[xdp_statistics]
    xdp_options: _Read[xdp_options]
    xdp_max_tx_skb_budget: _Write[int]
    smc_limit_hs: _Switch
    kcm_recv_disable: _Switch
    llc_opt_retry: _Both[int, int]
    llc_opt_size: _Both[int, int]
    llc_opt_ack_tmr_exp: _Both[float, _Time]
    llc_opt_p_tmr_exp: _Both[float, _Time]
    llc_opt_rej_tmr_exp: _Both[float, _Time]
    llc_opt_busy_tmr_exp: _Both[float, _Time]
    llc_opt_tx_win: _Both[int, int]
    llc_opt_rx_win: _Both[int, int]
    llc_opt_pktinfo: _Switch
    x25_qbitincl: _Switch
    ax25_window: _Both[int, int]
    ax25_t1: _Both[float, _Time]
    ax25_n2: _Both[int, int]
    ax25_t3: _Both[float, _Time]
    ax25_t2: _Both[float, _Time]
    ax25_backoff: _Both[int, int]
    ax25_extseq: _Switch
    ax25_pidincl: _Switch
    ax25_idle: _Both[float, _Time]
    ax25_paclen: _Both[int, int]
    ax25_iamdigi: _Switch
    netrom_t1: _Both[float, _Time]
    netrom_t2: _Both[float, _Time]
    netrom_n2: _Both[int, int]
    netrom_t4: _Both[float, _Time]
    netrom_idle: _Both[float, _Time]
    rose_defer: _Switch
    rose_t1: _Both[float, _Time]
    rose_t2: _Both[float, _Time]
    rose_t3: _Both[float, _Time]
    rose_idle: _Both[float, _Time]
    rose_qbitincl: _Switch
    rose_holdback: _Both[float, _Time]
    pppol2tp_so_debug: _Both[int, int]
    pppol2tp_so_recvseq: _Switch
    pppol2tp_so_sendseq: _Switch
    pppol2tp_so_lnsmode: _Switch
    pppol2tp_so_reorderto: _Both[float, _Time]
    pnpipe_encap: _Both[int, int]
    pnpipe_ifindex: _Read[int]
    pnpipe_handle: _Both[int, int]
    pnpipe_initstate: _Switch
    nfc_llcp_rw: _Both[int, int]
    nfc_llcp_miux: _Both[int, int]
    nfc_llcp_remote_miu: _Read[int]
    nfc_llcp_remote_lto: _Read[float]
    nfc_llcp_remote_rw: _Read[int]
    rxrpc_security_key: _Write[bytes]
    rxrpc_security_keyring: _Write[bytes]
    rxrpc_exclusive_connection: _Write[None]
    rxrpc_min_security_level: _Write[int]
    rxrpc_upgradeable_service: _Write[_Struct | int | _Address]
    rxrpc_supported_cmsg: _Read[int]
    rxrpc_manage_response: _Write[int]
    mctp_opt_addr_ext: _Switch
    so_iprmdata_msg: _Switch
    so_msglimit: _Both[int, int]
    so_msgsize: _Read[int]
    caifso_link_select: _Write[int]
    caifso_req_param: _Write[_Bytes]
    caifso_rsp_param: _Read[bytes]
    dccp_sockopt_packet_size: _Both[int, int]
    dccp_sockopt_service: _Both[list[int], Iterable[int]]
    dccp_sockopt_change_l: _Write[_Bytes]
    dccp_sockopt_change_r: _Write[_Bytes]
    dccp_sockopt_get_cur_mps: _Read[int]
    dccp_sockopt_server_timewait: _Switch
    dccp_sockopt_send_cscov: _Both[int, int]
    dccp_sockopt_recv_cscov: _Both[int, int]
    dccp_sockopt_available_ccids: _Read[list[int]]
    dccp_sockopt_ccid: _Write[Iterable[int]]
    dccp_sockopt_tx_ccid: _Both[int, Iterable[int]]
    dccp_sockopt_rx_ccid: _Both[int, Iterable[int]]
    dccp_sockopt_qpolicy_id: _Both[int, int]
    dccp_sockopt_qpolicy_txqlen: _Both[int, int]
    dccp_sockopt_ccid_rx_info: _Read[tfrc_rx_info]
    dccp_sockopt_ccid_tx_info: _Read[tfrc_tx_info]
    so_setclp: _Switch
    so_atmqos: _Both[atm_qos, _Struct | int | _Address]
    so_atmsap: _Both[bytes, _Bytes]
    so_atmpvc: _Read[atmpvc]
    so_multipoint: _Write[bool]
    wpan_wantack: _Switch
    wpan_security: _Both[int, int]
    wpan_security_level: _Both[int, int]
    wpan_wantlqi: _Switch
    misdn_time_stamp: _Both[int, bool]
