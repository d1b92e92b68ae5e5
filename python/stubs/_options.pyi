# Made by tools/gen_stubs.py from _options.pyi.in and data/.
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
    onoff: int
    linger: float

class ucred(NamedTuple):
    pid: int
    uid: int
    gid: int

class so_timestamping(NamedTuple):
    flags: int
    bind_phc: int | None

class sock_txtime(NamedTuple):
    clockid: int
    flags: int

class meminfo(NamedTuple):
    rmem_alloc: int
    rcvbuf: int
    wmem_alloc: int
    sndbuf: int
    fwd_alloc: int
    wmem_queued: int
    optmem: int
    backlog: int
    drops: int

class dmabuf_token(NamedTuple):
    start: int
    count: int  # type: ignore[assignment]

class ip_mreqn(NamedTuple):
    multiaddr: str | None
    address: str | None
    dev: int | None

class multicast_if(NamedTuple):
    address: str | None
    dev: int | None

class ip_mreq_source(NamedTuple):
    multiaddr: str
    interface: str
    source: str

class ip_msfilter(NamedTuple):
    multiaddr: str
    interface: str
    fmode: int
    slist: tuple[str, ...]

class group_req(NamedTuple):
    dev: int
    group: str

class group_source_req(NamedTuple):
    dev: int
    group: str
    source: str

class group_filter(NamedTuple):
    dev: int
    group: str
    fmode: int
    slist: tuple[str, ...]

class port_range(NamedTuple):
    low: int
    high: int

class ipv6_mreq(NamedTuple):
    multiaddr: str
    dev: int

class in6_pktinfo(NamedTuple):
    addr: str
    dev: int

class ip6_mtuinfo(NamedTuple):
    addr: str
    mtu: int

class in6_flowlabel_req(NamedTuple):
    dst: str
    label: int
    action: int
    share: int
    flags: int
    expires: float
    linger: float

class ip_option(NamedTuple):
    type: int | None
    data: bytes | None

class ip_option_bare(NamedTuple):
    type: int

class ipv6_tlv(NamedTuple):
    type: int | None
    data: bytes | None

class ipv6_tlv_pad1(NamedTuple):
    type: int

class ipv6_opt_hdr(NamedTuple):
    nexthdr: int | None
    options: tuple[_ipv6_tlv, ...] | None

class ipv6_rt_hdr(NamedTuple):
    nexthdr: int | None
    type: int | None
    segments_left: int | None
    data: bytes | None

class rt0_hdr(NamedTuple):
    nexthdr: int
    type: int
    segments_left: int
    reserved: int
    addr: tuple[str, ...]

class ipv6_sr_hdr(NamedTuple):
    nexthdr: int
    type: int
    segments_left: int
    first_segment: int
    flags: int
    tag: int
    segments: tuple[str, ...]

class cmsghdr(NamedTuple):
    level: int
    type: int
    data: bytes

class sadb_x_ipsecrequest(NamedTuple):
    proto: int
    mode: int
    level: int
    reqid: int
    addrs: tuple[str, ...]

class sadb_x_policy(NamedTuple):
    exttype: int | None
    type: int | None
    dir: int | None
    id: int | None
    priority: int | None
    requests: tuple[sadb_x_ipsecrequest, ...] | None

class xfrm_user_tmpl(NamedTuple):
    daddr: str
    spi: int
    proto: int
    family: int
    saddr: str
    reqid: int
    mode: int
    share: int
    optional: int
    aalgos: int
    ealgos: int
    calgos: int

class xt_counters(NamedTuple):
    pcnt: int
    bcnt: int

class xt_counters_info(NamedTuple):
    name: str
    counters: tuple[xt_counters, ...]

class ipt_entry(NamedTuple):
    src: str
    dst: str
    smsk: str
    dmsk: str
    iniface: str
    outiface: str
    iniface_mask: bytes
    outiface_mask: bytes
    proto: int
    flags: int
    invflags: int
    nfcache: int
    target_offset: int
    comefrom: int
    pcnt: int
    bcnt: int
    elems: bytes

class ip6t_entry(NamedTuple):
    src: str
    dst: str
    smsk: str
    dmsk: str
    iniface: str
    outiface: str
    iniface_mask: bytes
    outiface_mask: bytes
    proto: int
    tos: int
    flags: int
    invflags: int
    nfcache: int
    target_offset: int
    comefrom: int
    pcnt: int
    bcnt: int
    elems: bytes

class arpt_entry(NamedTuple):
    src: str
    tgt: str
    smsk: str
    tmsk: str
    arhln: int
    arhln_mask: int
    src_devaddr: bytes
    src_devaddr_mask: bytes
    tgt_devaddr: bytes
    tgt_devaddr_mask: bytes
    arpop: int
    arpop_mask: int
    arhrd: int
    arhrd_mask: int
    arpro: int
    arpro_mask: int
    iniface: str
    outiface: str
    iniface_mask: bytes
    outiface_mask: bytes
    flags: int
    invflags: int
    target_offset: int
    comefrom: int
    pcnt: int
    bcnt: int
    elems: bytes

class ipt_replace(NamedTuple):
    name: str
    valid_hooks: int
    hook_entry_0: int
    hook_entry_1: int
    hook_entry_2: int
    hook_entry_3: int
    hook_entry_4: int
    underflow_0: int
    underflow_1: int
    underflow_2: int
    underflow_3: int
    underflow_4: int
    num_counters: int
    counters: int
    entries: tuple[ipt_entry, ...]

class ipt_get_entries(NamedTuple):
    name: str
    size: int
    entrytable: tuple[ipt_entry, ...]

class ip6t_replace(NamedTuple):
    name: str
    valid_hooks: int
    hook_entry_0: int
    hook_entry_1: int
    hook_entry_2: int
    hook_entry_3: int
    hook_entry_4: int
    underflow_0: int
    underflow_1: int
    underflow_2: int
    underflow_3: int
    underflow_4: int
    num_counters: int
    counters: int
    entries: tuple[ip6t_entry, ...]

class ip6t_get_entries(NamedTuple):
    name: str
    size: int
    entrytable: tuple[ip6t_entry, ...]

class arpt_replace(NamedTuple):
    name: str
    valid_hooks: int
    hook_entry_0: int
    hook_entry_1: int
    hook_entry_2: int
    underflow_0: int
    underflow_1: int
    underflow_2: int
    num_counters: int
    counters: int
    entries: tuple[arpt_entry, ...]

class arpt_get_entries(NamedTuple):
    name: str
    size: int
    entrytable: tuple[arpt_entry, ...]

class ebt_replace(NamedTuple):
    name: str
    valid_hooks: int
    nentries: int
    entries_size: int
    hook_entry_0: int
    hook_entry_1: int
    hook_entry_2: int
    hook_entry_3: int
    hook_entry_4: int
    hook_entry_5: int
    num_counters: int
    counters: int
    entries: int

class ebt_replace_data(NamedTuple):
    name: str
    valid_hooks: int
    nentries: int
    entries_size: int
    hook_entry_0: int
    hook_entry_1: int
    hook_entry_2: int
    hook_entry_3: int
    hook_entry_4: int
    hook_entry_5: int
    num_counters: int
    counters: int
    entries: int
    data: bytes

class ip_vs_service_user(NamedTuple):
    protocol: int
    addr: str
    port: int
    fwmark: int
    sched_name: str
    flags: int
    timeout: float
    netmask: str

class ip_vs_dest_user(NamedTuple):
    addr: str
    port: int
    conn_flags: int
    weight: int
    u_threshold: int
    l_threshold: int

class ip_vs_service_dest(NamedTuple):
    service_protocol: int
    service_addr: str
    service_port: int
    service_fwmark: int
    service_sched_name: str
    service_flags: int
    service_timeout: float
    service_netmask: str
    dest_addr: str
    dest_port: int
    dest_conn_flags: int
    dest_weight: int
    dest_u_threshold: int
    dest_l_threshold: int

class ip_vs_stats_user(NamedTuple):
    conns: int
    inpkts: int
    outpkts: int
    inbytes: int
    outbytes: int
    cps: int
    inpps: int
    outpps: int
    inbps: int
    outbps: int

class ip_vs_service_entry(NamedTuple):
    protocol: int
    addr: str
    port: int
    fwmark: int
    sched_name: str
    flags: int
    timeout: float
    netmask: str
    num_dests: int
    stats_conns: int
    stats_inpkts: int
    stats_outpkts: int
    stats_inbytes: int
    stats_outbytes: int
    stats_cps: int
    stats_inpps: int
    stats_outpps: int
    stats_inbps: int
    stats_outbps: int

class ip_vs_dest_entry(NamedTuple):
    addr: str
    port: int
    conn_flags: int
    weight: int
    u_threshold: int
    l_threshold: int
    activeconns: int
    inactconns: int
    persistconns: int
    stats_conns: int
    stats_inpkts: int
    stats_outpkts: int
    stats_inbytes: int
    stats_outbytes: int
    stats_cps: int
    stats_inpps: int
    stats_outpps: int
    stats_inbps: int
    stats_outbps: int

class ip_vs_get_dests(NamedTuple):
    protocol: int
    addr: str
    port: int
    fwmark: int
    num_dests: int
    entrytable: tuple[ip_vs_dest_entry, ...]

class ip_vs_get_services(NamedTuple):
    num_services: int
    entrytable: tuple[ip_vs_service_entry, ...]

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
    vifi: int
    flags: int
    threshold: int
    rate_limit: int
    lcl_addr: str
    rmt_addr: str

class mfcctl(NamedTuple):
    origin: str
    mcastgrp: str
    parent: int
    ttls: bytes
    pkt_cnt: int
    byte_cnt: int
    wrong_if: int
    expire: int

class mif6ctl(NamedTuple):
    mifi: int
    flags: int
    threshold: int
    pifi: int
    rate_limit: int

class mf6cctl(NamedTuple):
    origin: str
    mcastgrp: str
    parent: int
    ifset: bytes

class ipt_getinfo(NamedTuple):
    name: str
    valid_hooks: int
    hook_entry_0: int
    hook_entry_1: int
    hook_entry_2: int
    hook_entry_3: int
    hook_entry_4: int
    underflow_0: int
    underflow_1: int
    underflow_2: int
    underflow_3: int
    underflow_4: int
    num_entries: int
    size: int

class arpt_getinfo(NamedTuple):
    name: str
    valid_hooks: int
    hook_entry_0: int
    hook_entry_1: int
    hook_entry_2: int
    underflow_0: int
    underflow_1: int
    underflow_2: int
    num_entries: int
    size: int

class xt_get_revision(NamedTuple):
    name: str
    revision: int

class ip_vs_timeout_user(NamedTuple):
    tcp: float
    tcp_fin: float
    udp: float

class ip_vs_daemon_user(NamedTuple):
    state: int
    mcast_ifn: str
    syncid: int

class ip_vs_daemons(NamedTuple):
    master_state: int
    master_mcast_ifn: str
    master_syncid: int
    backup_state: int
    backup_mcast_ifn: str
    backup_syncid: int

class ip_vs_getinfo(NamedTuple):
    version: int
    size: int
    num_services: int

class tcp_info(NamedTuple):
    state: int
    ca_state: int
    retransmits: int
    probes: int
    backoff: int
    options: int
    snd_wscale: int
    rcv_wscale: int
    delivery_rate_app_limited: int | None
    fastopen_client_fail: int | None
    rto: float
    ato: float
    snd_mss: int
    rcv_mss: int
    unacked: int
    sacked: int
    lost: int
    retrans: int
    fackets: int
    last_data_sent: float
    last_ack_sent: float
    last_data_recv: float
    last_ack_recv: float
    pmtu: int
    rcv_ssthresh: int
    rtt: float
    rttvar: float
    snd_ssthresh: int
    snd_cwnd: int
    advmss: int
    reordering: int
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
    addr: str
    flags: int | None
    prefixlen: int | None
    ifindex: int | None
    key: bytes

class tcp_repair_opt(NamedTuple):
    code: int
    val: int

class tcp_repair_window(NamedTuple):
    snd_wl1: int
    snd_wnd: int
    max_window: int
    rcv_wnd: int
    rcv_wup: int

class tcp_zerocopy_receive(NamedTuple):
    address: int
    length: int
    recv_skip_hint: int
    inq: int | None
    err: int | None
    copybuf_address: int | None
    copybuf_len: int | None
    flags: int | None
    msg_control: int | None
    msg_controllen: int | None
    msg_flags: int | None

class tcp_ao_add(NamedTuple):
    addr: str
    alg_name: str
    ifindex: int
    set_current: int
    set_rnext: int
    prefix: int
    sndid: int
    rcvid: int
    maclen: int
    keyflags: int
    key: bytes

class tcp_ao_del(NamedTuple):
    addr: str
    ifindex: int
    set_current: int
    set_rnext: int
    del_async: int
    prefix: int
    sndid: int
    rcvid: int
    current_key: int
    rnext: int
    keyflags: int

class tcp_ao_info_opt(NamedTuple):
    set_current: int
    set_rnext: int
    ao_required: int
    set_counters: int
    accept_icmps: int
    current_key: int
    rnext: int
    pkt_good: int
    pkt_bad: int
    pkt_key_not_found: int
    pkt_ao_required: int
    pkt_dropped_icmp: int

class tcp_ao_getsockopt(NamedTuple):
    addr: str
    alg_name: str
    key: bytes
    nkeys: int
    is_current: int
    is_rnext: int
    get_all: int
    sndid: int
    rcvid: int
    prefix: int
    maclen: int
    keyflags: int
    ifindex: int
    pkt_good: int
    pkt_bad: int

class tcp_ao_repair(NamedTuple):
    snt_isn: int
    rcv_isn: int
    snd_sne: int
    rcv_sne: int

class icmp_filter(NamedTuple):
    data: int

class icmp6_filter(NamedTuple):
    data: bytes

class mptcp_info(NamedTuple):
    subflows: int
    add_addr_signal: int
    add_addr_accepted: int
    subflows_max: int
    add_addr_signal_max: int
    add_addr_accepted_max: int
    flags: int
    token: int
    write_seq: int
    snd_una: int
    rcv_nxt: int
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
    size_subflow_data: int
    num_subflows: int
    size_kernel: int
    size_user: int
    data: bytes

class mptcp_subflow_addrs_list(NamedTuple):
    size_subflow_data: int
    num_subflows: int
    size_kernel: int
    size_user: int
    addrs: tuple[str, ...]

class mptcp_full_info(NamedTuple):
    size_tcpinfo_kernel: int
    size_tcpinfo_user: int
    size_sfinfo_kernel: int
    size_sfinfo_user: int
    num_subflows: int
    size_arrays_user: int
    subflow_info: int
    tcp_info: int
    mptcp_info_subflows: int
    mptcp_info_add_addr_signal: int
    mptcp_info_add_addr_accepted: int
    mptcp_info_subflows_max: int
    mptcp_info_add_addr_signal_max: int
    mptcp_info_add_addr_accepted_max: int
    mptcp_info_flags: int
    mptcp_info_token: int
    mptcp_info_write_seq: int
    mptcp_info_snd_una: int
    mptcp_info_rcv_nxt: int
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
    version: int
    cipher_type: int

class tls12_crypto_info_aes_gcm_128(NamedTuple):
    version: int
    cipher_type: int
    iv: bytes
    key: bytes
    salt: bytes
    rec_seq: bytes

class tls12_crypto_info_aes_gcm_256(NamedTuple):
    version: int
    cipher_type: int
    iv: bytes
    key: bytes
    salt: bytes
    rec_seq: bytes

class tls12_crypto_info_aes_ccm_128(NamedTuple):
    version: int
    cipher_type: int
    iv: bytes
    key: bytes
    salt: bytes
    rec_seq: bytes

class tls12_crypto_info_chacha20_poly1305(NamedTuple):
    version: int
    cipher_type: int
    iv: bytes
    key: bytes
    rec_seq: bytes

class tls12_crypto_info_sm4_gcm(NamedTuple):
    version: int
    cipher_type: int
    iv: bytes
    key: bytes
    salt: bytes
    rec_seq: bytes

class tls12_crypto_info_sm4_ccm(NamedTuple):
    version: int
    cipher_type: int
    iv: bytes
    key: bytes
    salt: bytes
    rec_seq: bytes

class tls12_crypto_info_aria_gcm_128(NamedTuple):
    version: int
    cipher_type: int
    iv: bytes
    key: bytes
    salt: bytes
    rec_seq: bytes

class tls12_crypto_info_aria_gcm_256(NamedTuple):
    version: int
    cipher_type: int
    iv: bytes
    key: bytes
    salt: bytes
    rec_seq: bytes

class packet_mreq(NamedTuple):
    dev: int
    type: int
    address: bytes

class tpacket_req3(NamedTuple):
    block_size: int
    block_nr: int
    frame_size: int
    frame_nr: int
    retire_blk_tov: float | None
    sizeof_priv: int | None
    feature_req_word: int | None

class tpacket_stats_v3(NamedTuple):
    packets: int
    drops: int
    freeze_q_cnt: int | None

class tpacket_rollover_stats(NamedTuple):
    all: int
    huge: int
    failed: int

class fanout_args(NamedTuple):
    id: int
    type: int
    flags: int
    max_num_members: int | None

class fanout_state(NamedTuple):
    id: int
    type: int
    flags: int

class can_filter(NamedTuple):
    id: int
    mask: int

class can_raw_vcid_options(NamedTuple):
    flags: int
    tx_vcid: int
    rx_vcid: int
    rx_vcid_mask: int

class can_isotp_options(NamedTuple):
    flags: int
    frame_txtime: float
    ext_address: int
    txpad_content: int
    rxpad_content: int
    rx_ext_address: int

class can_isotp_fc_options(NamedTuple):
    bs: int
    stmin: int
    wftmax: int

class can_isotp_ll_options(NamedTuple):
    mtu: int
    tx_dl: int
    tx_flags: int

class j1939_filter(NamedTuple):
    name: int
    name_mask: int
    pgn: int
    pgn_mask: int
    addr: int
    addr_mask: int

class bt_security(NamedTuple):
    level: int
    key_size: int

class bt_power(NamedTuple):
    force_active: int

class bt_voice(NamedTuple):
    setting: int

class bt_iso_qos(NamedTuple):
    cig: int
    cis: int
    sca: int
    packing: int
    framing: int
    in_interval: float
    in_latency: float
    in_sdu: int
    in_phys: int
    in_rtn: int
    out_interval: float
    out_latency: float
    out_sdu: int
    out_phys: int
    out_rtn: int
    broadcast: bytes

class hci_ufilter(NamedTuple):
    type_mask: int
    event_mask_0: int
    event_mask_1: int
    opcode: int

class l2cap_options(NamedTuple):
    omtu: int
    imtu: int
    flush_to: int
    mode: int
    fcs: int
    max_tx: int
    txwin_size: int

class bt_conninfo(NamedTuple):
    hci_handle: int
    dev_class: bytes

class sco_options(NamedTuple):
    mtu: int

class tipc_group_req(NamedTuple):
    type: int
    instance: int
    scope: int
    flags: int

class rds_get_mr_args(NamedTuple):
    addr: int
    bytes: int
    cookie_addr: int
    flags: int

class rds_free_mr_args(NamedTuple):
    cookie: int
    flags: int

class rds_get_mr_for_dest_args(NamedTuple):
    dest_addr: str
    addr: int
    bytes: int
    cookie_addr: int
    flags: int

class rds_info_counter(NamedTuple):
    name: str
    value: int

class rds_info_connection(NamedTuple):
    next_tx_seq: int
    next_rx_seq: int
    laddr: str
    faddr: str
    transport: str
    flags: int
    tos: int | None

class rds_info_message(NamedTuple):
    seq: int
    len: int
    laddr: str
    faddr: str
    lport: int
    fport: int
    flags: int
    tos: int | None

class rds_info_socket(NamedTuple):
    sndbuf: int
    bound_addr: str
    connected_addr: str
    bound_port: int
    connected_port: int
    rcvbuf: int
    inum: int

class rds_info_tcp_socket(NamedTuple):
    local_addr: str
    local_port: int
    peer_addr: str
    peer_port: int
    hdr_rem: int
    data_rem: int
    last_sent_nxt: int
    last_expected_una: int
    last_seen_una: int
    tos: int | None

class rds6_info_connection(NamedTuple):
    next_tx_seq: int
    next_rx_seq: int
    laddr: str
    faddr: str
    transport: str
    flags: int

class rds6_info_message(NamedTuple):
    seq: int
    len: int
    laddr: str
    faddr: str
    lport: int
    fport: int
    flags: int
    tos: int

class rds6_info_socket(NamedTuple):
    sndbuf: int
    bound_addr: str
    connected_addr: str
    bound_port: int
    connected_port: int
    rcvbuf: int
    inum: int

class rds6_info_tcp_socket(NamedTuple):
    local_addr: str
    local_port: int
    peer_addr: str
    peer_port: int
    hdr_rem: int
    data_rem: int
    last_sent_nxt: int
    last_expected_una: int
    last_seen_una: int

class rds_info_rdma_connection(NamedTuple):
    src_addr: str
    dst_addr: str
    src_gid: bytes
    dst_gid: bytes
    max_send_wr: int
    max_recv_wr: int
    max_send_sge: int
    rdma_mr_max: int
    rdma_mr_size: int
    tos: int | None
    sl: int | None
    cache_allocs: int | None

class rds6_info_rdma_connection(NamedTuple):
    src_addr: str
    dst_addr: str
    src_gid: bytes
    dst_gid: bytes
    max_send_wr: int
    max_recv_wr: int
    max_send_sge: int
    rdma_mr_max: int
    rdma_mr_size: int
    tos: int | None
    sl: int | None
    cache_allocs: int | None

class rds_rx_trace_so(NamedTuple):
    traces: int
    trace_pos_0: int
    trace_pos_1: int
    trace_pos_2: int

class sctp_rtoinfo(NamedTuple):
    assoc_id: int
    initial: float
    max: float
    min: float

class sctp_assocparams(NamedTuple):
    assoc_id: int
    asocmaxrxt: int
    number_peer_destinations: int
    peer_rwnd: int
    local_rwnd: int
    cookie_life: float

class sctp_initmsg(NamedTuple):
    num_ostreams: int
    max_instreams: int
    max_attempts: int
    max_init_timeo: float

class sctp_setpeerprim(NamedTuple):
    assoc_id: int
    addr: str

class sctp_prim(NamedTuple):
    assoc_id: int
    addr: str

class sctp_setadaptation(NamedTuple):
    adaptation_ind: int

class sctp_paddrparams(NamedTuple):
    assoc_id: int
    address: str
    hbinterval: float
    pathmaxrxt: int
    pathmtu: int
    sackdelay: float
    flags: int
    ipv6_flowlabel: int | None
    dscp: int | None

class sctp_sndrcvinfo(NamedTuple):
    stream: int
    ssn: int
    flags: int
    ppid: int
    context: int
    timetolive: float
    tsn: int
    cumtsn: int
    assoc_id: int

class sctp_event_subscribe(NamedTuple):
    data_io_event: int
    association_event: int
    address_event: int
    send_failure_event: int
    peer_error_event: int
    shutdown_event: int
    partial_delivery_event: int
    adaptation_layer_event: int
    authentication_event: int | None
    sender_dry_event: int | None
    stream_reset_event: int | None
    assoc_reset_event: int | None
    stream_change_event: int | None
    send_failure_event_event: int | None

class sctp_assoc_value(NamedTuple):
    assoc_id: int
    value: int

class sctp_paddrinfo(NamedTuple):
    assoc_id: int
    address: str
    state: int
    cwnd: int
    srtt: float
    rto: float
    mtu: int

class sctp_status(NamedTuple):
    assoc_id: int
    state: int
    rwnd: int
    unackdata: int
    penddata: int
    instrms: int
    outstrms: int
    fragmentation_point: int
    primary_assoc_id: int
    primary_address: str
    primary_state: int
    primary_cwnd: int
    primary_srtt: float
    primary_rto: float
    primary_mtu: int

class sctp_sack_info(NamedTuple):
    assoc_id: int
    delay: float
    freq: int

class sctp_authchunk(NamedTuple):
    chunk: int

class sctp_hmacalgo(NamedTuple):
    idents: tuple[int, ...]

class sctp_authkey(NamedTuple):
    assoc_id: int
    keynumber: int
    key: bytes

class sctp_authkeyid(NamedTuple):
    assoc_id: int
    keynumber: int

class sctp_authchunks(NamedTuple):
    assoc_id: int
    chunks: bytes

class sctp_assoc_ids(NamedTuple):
    assoc_id: tuple[int, ...]

class sctp_paddrthlds(NamedTuple):
    assoc_id: int
    address: str
    pathmaxrxt: int
    pathpfthld: int

class sctp_paddrthlds_v2(NamedTuple):
    assoc_id: int
    address: str
    pathmaxrxt: int
    pathpfthld: int
    pathcpthld: int

class sctp_sndinfo(NamedTuple):
    sid: int
    flags: int
    ppid: int
    context: int
    assoc_id: int

class sctp_peeloff_arg(NamedTuple):
    assoc_id: int
    sd: int

class sctp_peeloff_flags_arg(NamedTuple):
    assoc_id: int
    sd: int
    flags: int

class sctp_getaddrs(NamedTuple):
    assoc_id: int
    addr_num: int
    addrs: tuple[str, ...]

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
    assoc_id: int
    value: int
    policy: int

class sctp_prstatus(NamedTuple):
    assoc_id: int
    sid: int
    policy: int
    abandoned_unsent: int
    abandoned_sent: int

class sctp_reset_streams(NamedTuple):
    assoc_id: int
    flags: int
    stream_list: tuple[int, ...]

class sctp_add_streams(NamedTuple):
    assoc_id: int
    instrms: int
    outstrms: int

class sctp_stream_value(NamedTuple):
    assoc_id: int
    stream: int
    value: int

class sctp_event(NamedTuple):
    assoc_id: int
    type: int
    on: int

class sctp_udpencaps(NamedTuple):
    assoc_id: int
    address: str
    port: int

class sctp_probeinterval(NamedTuple):
    assoc_id: int
    address: str
    interval: float

class xdp_mmap_offsets(NamedTuple):
    rx_producer: int
    rx_consumer: int
    rx_desc: int
    rx_flags: int | None
    tx_producer: int
    tx_consumer: int
    tx_desc: int
    tx_flags: int | None
    fr_producer: int
    fr_consumer: int
    fr_desc: int
    fr_flags: int | None
    cr_producer: int
    cr_consumer: int
    cr_desc: int
    cr_flags: int | None

class xdp_umem_reg(NamedTuple):
    addr: int
    len: int
    chunk_size: int
    headroom: int
    flags: int | None
    tx_metadata_len: int | None

class xdp_statistics(NamedTuple):
    rx_dropped: int
    rx_invalid_descs: int
    tx_invalid_descs: int
    rx_ring_full: int | None
    rx_fill_ring_empty_descs: int | None
    tx_ring_empty_descs: int | None

class xdp_options(NamedTuple):
    flags: int

class rxrpc_upgrade(NamedTuple):
    from_: int
    to: int

class atm_qos(NamedTuple):
    tx_class: int
    tx_max_pcr: int
    tx_pcr: int
    tx_min_pcr: int
    tx_max_cdv: float
    tx_max_sdu: int
    tx_icr: int
    tx_tbe: int
    tx_bits_0: int
    tx_bits_1: int
    rx_class: int
    rx_max_pcr: int
    rx_pcr: int
    rx_min_pcr: int
    rx_max_cdv: float
    rx_max_sdu: int
    rx_icr: int
    rx_tbe: int
    rx_bits_0: int
    rx_bits_1: int
    aal: int

class atmpvc(NamedTuple):
    itf: int
    vpi: int
    vci: int

class tfrc_rx_info(NamedTuple):
    x_recv: int
    rtt: float
    p: int

class tfrc_tx_info(NamedTuple):
    x: int
    x_recv: int
    x_calc: int
    rtt: float
    p: int
    rto: float
    ipi: float

class in_pktinfo(NamedTuple):
    ifindex: int
    spec_dst: str
    addr: str

class sock_extended_err(NamedTuple):
    errno: int | None
    origin: int | None
    type: int | None
    code: int | None
    info: int | None
    data: int | None
    offender: tuple[str, ...] | None

class scm_timestamping(NamedTuple):
    software: int
    hardware: int

class scm_timestamping64(NamedTuple):
    software: int
    hardware: int

class scm_ts_pktinfo(NamedTuple):
    ifindex: int
    pkt_length: int

class dmabuf_cmsg(NamedTuple):
    frag_offset: int
    frag_size: int
    frag_token: int
    dmabuf_id: int
    flags: int

class tpacket_auxdata(NamedTuple):
    status: int
    len: int
    snaplen: int
    mac: int
    net: int
    vlan_tci: int
    vlan_tpid: int

class nl_pktinfo(NamedTuple):
    group: int

class af_alg_iv(NamedTuple):
    iv: bytes

class sctp_rcvinfo(NamedTuple):
    sid: int
    ssn: int
    flags: int
    ppid: int
    tsn: int
    cumtsn: int
    context: int
    assoc_id: int

class sctp_nxtinfo(NamedTuple):
    sid: int
    flags: int
    ppid: int
    length: int
    assoc_id: int

class sctp_prinfo(NamedTuple):
    policy: int
    value: int

class sctp_authinfo(NamedTuple):
    keynumber: int

class rds_rdma_args(NamedTuple):
    cookie: int
    remote_addr: int
    remote_bytes: int
    local_vec_addr: int
    nr_local: int
    flags: int
    user_token: int

class rds_rdma_notify(NamedTuple):
    user_token: int
    status: int

class rds_cmsg_rx_trace(NamedTuple):
    traces: int
    trace_pos_0: int
    trace_pos_1: int
    trace_pos_2: int
    trace_0: int
    trace_1: int
    trace_2: int

class rds_zcopy_cookies(NamedTuple):
    num: int
    cookies_0: int
    cookies_1: int
    cookies_2: int
    cookies_3: int
    cookies_4: int
    cookies_5: int
    cookies_6: int
    cookies_7: int

class tipc_errinfo(NamedTuple):
    code: int
    size: int

class tipc_destname(NamedTuple):
    type: int
    lower: int
    upper: int

class llc_pktinfo(NamedTuple):
    ifindex: int
    sap: int
    mac: bytes

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

_scm_timestamping: TypeAlias = scm_timestamping
_sctp_rcvinfo: TypeAlias = sctp_rcvinfo
_sctp_nxtinfo: TypeAlias = sctp_nxtinfo
_tipc_errinfo: TypeAlias = tipc_errinfo
_tipc_destname: TypeAlias = tipc_destname

class ControlAttributes:
    scm_rights: _Read[list[int]]
    rights: _Read[list[int]]
    scm_credentials: _Read[ucred]
    credentials: _Read[ucred]
    scm_security: _Read[str]
    security: _Read[str]
    scm_pidfd: _Read[int]
    pidfd: _Read[int]
    so_priority: _Read[int]
    priority: _Read[int]
    scm_timestamp: _Read[float]
    timestamp: _Read[float]
    so_timestamp: _Read[float]
    so_timestamp_old: _Read[float]
    timestamp_old: _Read[float]
    scm_timestampns: _Read[int]
    timestampns: _Read[int]
    so_timestampns: _Read[int]
    so_timestampns_old: _Read[int]
    timestampns_old: _Read[int]
    so_mark: _Read[int]
    mark: _Read[int]
    scm_timestamping: _Read[_scm_timestamping]
    timestamping: _Read[_scm_timestamping]
    so_timestamping: _Read[_scm_timestamping]
    so_timestamping_old: _Read[_scm_timestamping]
    timestamping_old: _Read[_scm_timestamping]
    so_rxq_ovfl: _Read[int]
    rxq_ovfl: _Read[int]
    so_wifi_status: _Read[int]
    wifi_status: _Read[int]
    scm_wifi_status: _Read[int]
    scm_timestamping_opt_stats: _Read[bytes]
    timestamping_opt_stats: _Read[bytes]
    scm_timestamping_pktinfo: _Read[scm_ts_pktinfo]
    timestamping_pktinfo: _Read[scm_ts_pktinfo]
    so_timestamp_new: _Read[float]
    timestamp_new: _Read[float]
    so_timestampns_new: _Read[int]
    timestampns_new: _Read[int]
    so_timestamping_new: _Read[scm_timestamping64]
    timestamping_new: _Read[scm_timestamping64]
    so_devmem_linear: _Read[dmabuf_cmsg]
    devmem_linear: _Read[dmabuf_cmsg]
    scm_devmem_linear: _Read[dmabuf_cmsg]
    so_devmem_dmabuf: _Read[dmabuf_cmsg]
    devmem_dmabuf: _Read[dmabuf_cmsg]
    scm_devmem_dmabuf: _Read[dmabuf_cmsg]
    so_inq: _Read[int]
    inq: _Read[int]
    scm_inq: _Read[int]
    ip_tos: _Read[int]
    ip_ttl: _Read[int]
    ip_recvopts: _Read[list[_ip_option]]
    ip_retopts: _Read[list[_ip_option]]
    ip_pktinfo: _Read[in_pktinfo]
    ip_recverr: _Read[sock_extended_err]
    ip_origdstaddr: _Read[str]
    ip_checksum: _Read[int]
    ip_recvfragsize: _Read[int]
    ipv6_2292pktinfo: _Read[in6_pktinfo]
    ipv6_2292hopopts: _Read[ipv6_opt_hdr]
    ipv6_2292dstopts: _Read[ipv6_opt_hdr]
    ipv6_2292rthdr: _Read[_ipv6_rt_hdr]
    ipv6_2292hoplimit: _Read[int]
    ipv6_flowinfo: _Read[int]
    ipv6_recverr: _Read[sock_extended_err]
    ipv6_pktinfo: _Read[in6_pktinfo]
    ipv6_hoplimit: _Read[int]
    ipv6_hopopts: _Read[ipv6_opt_hdr]
    ipv6_rthdr: _Read[_ipv6_rt_hdr]
    ipv6_dstopts: _Read[ipv6_opt_hdr]
    ipv6_pathmtu: _Read[ip6_mtuinfo]
    ipv6_tclass: _Read[int]
    ipv6_origdstaddr: _Read[str]
    ipv6_recvfragsize: _Read[int]
    tcp_cm_inq: _Read[int]
    udp_gro: _Read[int]
    packet_auxdata: _Read[tpacket_auxdata]
    packet_tx_timestamp: _Read[sock_extended_err]
    netlink_pktinfo: _Read[nl_pktinfo]
    netlink_listen_all_nsid: _Read[int]
    tls_get_record_type: _Read[int]
    sctp_sndrcv: _Read[sctp_sndrcvinfo]
    sctp_rcvinfo: _Read[_sctp_rcvinfo]
    sctp_nxtinfo: _Read[_sctp_nxtinfo]
    rxrpc_user_call_id: _Read[int]
    rxrpc_abort: _Read[int]
    rxrpc_ack: _Read[None]
    rxrpc_net_error: _Read[int]
    rxrpc_busy: _Read[int]
    rxrpc_local_error: _Read[int]
    rxrpc_new_call: _Read[None]
    rds_cmsg_rdma_dest: _Read[int]
    rds_cmsg_rdma_status: _Read[rds_rdma_notify]
    rds_cmsg_cong_update: _Read[int]
    rds_cmsg_rxpath_latency: _Read[rds_cmsg_rx_trace]
    rds_cmsg_zcopy_completion: _Read[rds_zcopy_cookies]
    tipc_errinfo: _Read[_tipc_errinfo]
    tipc_retdata: _Read[bytes]
    tipc_destname: _Read[_tipc_destname]
    bt_scm_pkt_status: _Read[int]
    hci_cmsg_dir: _Read[int]
    hci_cmsg_tstamp: _Read[float]
    scm_can_raw_errqueue: _Read[sock_extended_err]
    can_raw_errqueue: _Read[sock_extended_err]
    scm_j1939_dest_addr: _Read[int]
    j1939_dest_addr: _Read[int]
    scm_j1939_dest_name: _Read[int]
    j1939_dest_name: _Read[int]
    scm_j1939_prio: _Read[int]
    j1939_prio: _Read[int]
    scm_j1939_errqueue: _Read[sock_extended_err]
    j1939_errqueue: _Read[sock_extended_err]
    llc_opt_pktinfo: _Read[llc_pktinfo]
    scm_iucv_trgcls: _Read[int]
    iucv_trgcls: _Read[int]
    wpan_wantlqi: _Read[int]
    vsock_recverr: _Read[sock_extended_err]
