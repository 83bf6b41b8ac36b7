namespace HostAgent.Campaigns.Tests.Worlds;

/// <summary>One host of a random estate: where it stands and how many machines it has.</summary>
internal sealed record HostSetting(string Site, string PrimarySite, string Tenant, int Machines);
