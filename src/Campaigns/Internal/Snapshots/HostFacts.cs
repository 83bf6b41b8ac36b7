using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Internal.Snapshots;

/// <summary>What is known of a host, in the order of the hosts.</summary>
internal sealed record HostFacts(bool IsLost, CircuitFacts Circuit, int UnreachableInARow, int Failures, int Budget, AgentJournal? Journal, DateTimeOffset JournalTime)
{
    public static HostFacts Of(CampaignHost host) => new(host.IsLost, CircuitFacts.Of(host.Circuit), host.UnreachableInARow, host.Failures, host.Budget, host.Journal, host.JournalTime);
}
