using HostAgent.Hosting;

namespace HostAgent.Coordinator.Store;

/// <summary>What a coordinator reads and writes before it listens.</summary>
internal static class StoreStart
{
    /// <summary>Does it. A store that goes away meanwhile is a reason not to start, as one that cannot be opened: the service manager tries again.</summary>
    /// <exception cref="StartException">The store went away.</exception>
    public static async Task RunAsync(Func<Task> start)
    {
        try
        {
            await start();
        }
        catch (Exception exception) when (exception is StoreUnavailableException or StoreOutcomeUnknownException or StateConflictException or VersionConflictException)
        {
            throw new StartException([exception.Message], exception);
        }
    }
}
