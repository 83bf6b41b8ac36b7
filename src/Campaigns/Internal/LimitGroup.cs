namespace HostAgent.Campaigns.Internal;

/// <summary>Items in flight under one limit: a link, a tenant or the whole campaign.</summary>
internal sealed class LimitGroup(int limit)
{
    public int Limit { get; } = limit;

    public int InFlight { get; set; }

    public bool HasRoom => InFlight < Limit;
}
