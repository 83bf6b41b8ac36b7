namespace HostAgent.Campaigns.Events;

/// <summary>The intent to initiate: durable before the agent is asked.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt, from 1.</param>
/// <param name="OperationId">The UUID under which the agent knows the attempt.</param>
/// <param name="IsProbe">Whether it probes a host whose breaker is half open.</param>
public sealed record ItemStarting(string Item, int Attempt, Guid OperationId, bool IsProbe) : ItemEvent(Item)
{
    /// <summary>Whether it probes a site whose breaker is half open.</summary>
    public bool IsSiteProbe { get; init; }

    /// <summary>Whether nothing is sent before the state of the agent's journal is stored; false only in logs of a former version.</summary>
    public bool ClaimsFirst { get; init; }
}
