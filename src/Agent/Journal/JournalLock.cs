using HostAgent.Transport;

namespace HostAgent.Agent.Journal;

/// <summary>Keeps a second agent away from the same data directory for as long as this one lives, however it dies.</summary>
internal sealed class JournalLock : IDisposable
{
    private readonly FileStream _file;

    private JournalLock(FileStream file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="JournalException">Another agent holds it, or the directory cannot be written.</exception>
    public static JournalLock Acquire(string directory)
    {
        try
        {
            OwnerOnly.CreateDirectory(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException($"The data directory '{directory}' cannot be created: {e.Message}", e);
        }

        var path = PathIn(directory);
        try
        {
            return new JournalLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new JournalException($"The lock file '{path}' cannot be written: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new JournalException(
                $"Another agent is running on the data directory '{directory}' ('{path}' is locked): stop it, or give this one a directory of its own.", e);
        }
    }

    /// <summary>Whether an agent holds the lock. It is tried for a moment, in which an agent that starts would be refused.</summary>
    /// <exception cref="JournalException">That cannot be found out.</exception>
    public static bool IsHeld(string directory)
    {
        var path = PathIn(directory);
        try
        {
            using var attempt = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return false;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new JournalException($"The lock file '{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static string PathIn(string directory) => Path.Combine(directory, "agent.lock");
}
