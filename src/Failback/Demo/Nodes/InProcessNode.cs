using Microsoft.AspNetCore.Builder;

namespace HostAgent.Failback.Demo.Nodes;

/// <summary>An agent or coordinator in this process.</summary>
internal sealed class InProcessNode(string name, WebApplication application) : IDemoNode
{
    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public Uri Address { get; } = new(application.Urls.Single());

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await application.StopAsync();
        await application.DisposeAsync();
    }
}
