"""The keys that networkd knows, by section, where a pair's files have any: those of systemd 257.

From src/network/networkd-network-gperf.gperf and src/network/netdev/netdev-gperf.gperf.
"""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_WORDS = {
    "Address": (
        "AddPrefixRoute Address AutoJoin Broadcast DuplicateAddressDetection HomeAddress "
        "Label ManageTemporaryAddress NFTSet NetLabel Peer PreferredLifetime PrefixRoute "
        "RouteMetric Scope"
    ),
    "Bond": (
        "ARPAllTargets ARPIPTargets ARPIntervalSec ARPMissedMax ARPValidate AdActorSystem "
        "AdActorSystemPriority AdSelect AdUserPortKey AllSlavesActive DownDelaySec "
        "DynamicTransmitLoadBalancing FailOverMACPolicy GratuitousARP LACPTransmitRate "
        "LearnPacketIntervalSec MIIMonitorSec MinLinks Mode PacketsPerSlave "
        "PeerNotifyDelaySec PrimaryReselectPolicy ResendIGMP TransmitHashPolicy "
        "UpDelaySec"
    ),
    "DHCP": (
        "Anonymize ClientIdentifier CriticalConnection DUIDRawData DUIDType "
        "ForceDHCPv6PDOtherInformation Hostname IAID ListenPort RapidCommit "
        "RequestBroadcast RouteMetric RouteTable SendHostname UseDNS UseDomainName "
        "UseDomains UseHostname UseMTU UseNTP UseRoutes UseTimezone UserClass "
        "VendorClassIdentifier"
    ),
    "DHCPv4": (
        "AllowList Anonymize BlackList ClientIdentifier CriticalConnection DUIDRawData "
        "DUIDType DenyList FallbackLeaseLifetimeSec Hostname IAID IPServiceType "
        "IPv6OnlyMode InitialAdvertisedReceiveWindow InitialCongestionWindow Label "
        "ListenPort MUDURL MaxAttempts NFTSet NetLabel QuickAck RapidCommit "
        "RequestAddress RequestBroadcast RequestOptions RouteMTUBytes RouteMetric "
        "RouteTable RoutesToDNS RoutesToNTP SendDecline SendHostname SendOption "
        "SendRelease SendVendorOption ServerPort SocketPriority UnassignedSubnetPolicy "
        "Use6RD UseCaptivePortal UseDNR UseDNS UseDomainName UseDomains UseGateway "
        "UseHostname UseMTU UseNTP UseRoutes UseSIP UseTimezone UserClass "
        "VendorClassIdentifier"
    ),
    "DHCPv6": (
        "DUIDRawData DUIDType ForceDHCPv6PDOtherInformation Hostname IAID MUDURL NFTSet "
        "NetLabel PrefixDelegationHint RapidCommit RequestOptions RouteMetric "
        "SendHostname SendOption SendRelease SendVendorOption UnassignedSubnetPolicy "
        "UseAddress UseCaptivePortal UseDNR UseDNS UseDelegatedPrefix UseDomains "
        "UseHostname UseNTP UserClass VendorClass WithoutRA"
    ),
    "IPv6AcceptRA": (
        "BlackList DHCPv6Client DenyList NFTSet NetLabel PrefixAllowList PrefixDenyList "
        "QuickAck RouteAllowList RouteDenyList RouteMetric RouteTable RouterAllowList "
        "RouterDenyList Token UseAutonomousPrefix UseCaptivePortal UseDNR UseDNS "
        "UseDomains UseGateway UseHopLimit UseICMP6RateLimit UseMTU UseOnLinkPrefix "
        "UsePREF64 UseReachableTime UseRedirect UseRetransmissionTime UseRoutePrefix"
    ),
    "Link": (
        "ARP ActivationPolicy AllMulticast Group MACAddress MTUBytes Multicast "
        "Promiscuous RequiredFamilyForOnline RequiredForOnline Unmanaged"
    ),
    "Match": (
        "Architecture BSSID Credential Driver Firmware Host KernelCommandLine "
        "KernelVersion Kind MACAddress Name Path PermanentMACAddress Property SSID Type "
        "Virtualization WLANInterfaceType"
    ),
    "NetDev": ("Description Kind MACAddress MTUBytes Name"),
    "Network": (
        "ActiveSlave Address BatmanAdvanced BindCarrier Bond Bridge "
        "ConfigureWithoutCarrier DHCP DHCPPrefixDelegation DHCPServer "
        "DHCPv6PrefixDelegation DNS DNSDefaultRoute DNSOverTLS DNSSEC "
        "DNSSECNegativeTrustAnchors DefaultRouteOnDevice Description Domains EmitLLDP "
        "Gateway IPForward IPMasquerade IPVLAN IPVTAP IPoIB IPv4AcceptLocal "
        "IPv4Forwarding IPv4LL IPv4LLRoute IPv4LLStartAddress IPv4ProxyARP "
        "IPv4ProxyARPPrivateVLAN IPv4ReversePathFilter IPv4RouteLocalnet IPv6AcceptRA "
        "IPv6AcceptRouterAdvertisements IPv6DuplicateAddressDetection IPv6Forwarding "
        "IPv6HopLimit IPv6LinkLocalAddressGenerationMode IPv6MTUBytes "
        "IPv6PrefixDelegation IPv6PrivacyExtensions IPv6ProxyNDP IPv6ProxyNDPAddress "
        "IPv6RetransmissionTimeSec IPv6SendRA IPv6StableSecretAddress IPv6Token "
        "IgnoreCarrierLoss KeepConfiguration KeepMaster L2TP LLDP LLMNR "
        "LinkLocalAddressing MACVLAN MACVTAP MACsec ManageForeignNextHops "
        "ManageForeignRoutes ManageForeignRoutingPolicyRules MulticastDNS "
        "MulticastIGMPVersion NTP PrimarySlave ProxyARP RouteTable SpeedMeter "
        "SpeedMeterIntervalSec Tunnel UseDomains VLAN VRF VXLAN Xfrm"
    ),
    "Route": (
        "Destination FastOpenNoCookie Gateway GatewayOnLink GatewayOnlink HopLimit "
        "IPv6Preference InitialAdvertisedReceiveWindow InitialCongestionWindow MTUBytes "
        "Metric MultiPathRoute NextHop PreferredSource Protocol QuickAck Scope Source "
        "TCPAdvertisedMaximumSegmentSize TCPCongestionControlAlgorithm "
        "TCPRetransmissionTimeoutSec TTLPropagate Table Type"
    ),
    "VLAN": ("EgressQOSMaps GVRP Id IngressQOSMaps LooseBinding MVRP Protocol ReorderHeader"),
}
KEYS: Mapping[str, frozenset[str]] = {
    section: frozenset(words.split()) for section, words in _WORDS.items()
}
#: The keys of [Match]: systemd.link(5) has one more.
OF_MATCH = (*_WORDS["Match"].split(), "OriginalName")
