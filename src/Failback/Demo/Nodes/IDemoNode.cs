namespace HostAgent.Failback.Demo.Nodes;

/// <summary>A running agent or coordinator. Disposing of it ends it in good order.</summary>
internal interface IDemoNode : IAsyncDisposable
{
    /// <summary>Its name: the host's, or coordinator.</summary>
    string Name { get; }

    /// <summary>Where it listens.</summary>
    Uri Address { get; }
}
