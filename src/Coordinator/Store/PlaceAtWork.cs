namespace HostAgent.Coordinator.Store;

/// <summary>Where the coordinator that is at work is reached by those that stand by.</summary>
/// <param name="Address">Of the API, <c>https://host:port</c>.</param>
/// <param name="Console">Of the console; null without one.</param>
internal sealed record PlaceAtWork(string Address, string? Console);

/// <summary>What a coordinator does while it stands by; disposed of before it is at work itself.</summary>
internal interface IStandby : IAsyncDisposable
{
    /// <summary>Says where the one at work is.</summary>
    /// <param name="place">Null while none is, or while it does not listen yet.</param>
    void Found(PlaceAtWork? place);
}
