namespace HostAgent.Campaigns.Planning;

/// <summary>One wave of a plan.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Items">How many items it has.</param>
/// <param name="Hosts">How many hosts they are on.</param>
/// <param name="Gate">The gate after it in words; empty for none.</param>
public sealed record PlannedWave(string Name, int Items, int Hosts, string Gate);
