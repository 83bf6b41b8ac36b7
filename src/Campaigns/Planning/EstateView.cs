namespace HostAgent.Campaigns.Planning;

/// <summary>The hosts and virtual machines as they are now.</summary>
/// <param name="Hosts">The hosts, each name once.</param>
public sealed record EstateView(IReadOnlyList<EstateHost> Hosts);
