using HostAgent.Coordinator.Store;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Hosting;

/// <summary>
/// The directory of one coordinator. A lock on a file in it, which the operating system gives up however the process ends, keeps a
/// second coordinator from the same store.
/// </summary>
internal sealed class DataDirectory : IDisposable
{
    private readonly FileStream _lock;

    /// <summary>Takes the directory; makes it when it is not there.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be used, or another coordinator uses it.</exception>
    public DataDirectory(string path)
    {
        try
        {
            OwnerOnly.CreateDirectory(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException($"The data directory '{path}' cannot be made: {failure.Message}", failure);
        }

        try
        {
            _lock = new FileStream(Path.Combine(path, "coordinator.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException($"The data directory '{path}' cannot be taken, another coordinator may be using it: {failure.Message}", failure);
        }

        StoreFile = Path.Combine(path, "campaigns.db");
    }

    /// <summary>The file of the event store.</summary>
    public string StoreFile { get; }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();
}
