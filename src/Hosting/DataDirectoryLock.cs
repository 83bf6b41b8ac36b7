using HostAgent.Transport;

namespace HostAgent.Hosting;

/// <summary>
/// Keeps a second server away from a data directory. The operating system releases the lock however the process ends.
/// </summary>
public sealed class DataDirectoryLock : IDisposable
{
    private readonly FileStream _file;

    private DataDirectoryLock(FileStream file) => _file = file;

    /// <summary>Takes the lock. The directory is created with mode 0700 when it does not exist.</summary>
    /// <param name="directory">The data directory.</param>
    /// <param name="server">What the directory belongs to, such as <c>agent</c>; the lock file is named after it.</param>
    /// <returns>The lock, held until it is disposed of.</returns>
    /// <exception cref="StartException">Another server holds the lock, or the directory cannot be written.</exception>
    public static DataDirectoryLock Acquire(string directory, string server)
    {
        try
        {
            OwnerOnly.CreateDirectory(directory);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartException([$"The data directory '{directory}' cannot be created: {exception.Message}"], exception);
        }

        var path = PathIn(directory, server);
        try
        {
            return new DataDirectoryLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new StartException([$"The lock file '{path}' cannot be written: {exception.Message}"], exception);
        }
        catch (IOException exception)
        {
            throw new StartException(
                [$"Another {server} is running on the data directory '{directory}' ('{path}' is locked): stop it, or give this one a directory of its own."], exception);
        }
    }

    /// <summary>Whether a server holds the lock. The lock is tried for a moment; a server that starts in that moment is refused.</summary>
    /// <param name="directory">The data directory.</param>
    /// <param name="server">What the directory belongs to.</param>
    /// <returns>True when the lock is held.</returns>
    /// <exception cref="UnauthorizedAccessException">The lock file cannot be read.</exception>
    public static bool IsHeld(string directory, string server)
    {
        try
        {
            using var attempt = new FileStream(PathIn(directory, server), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return false;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Releases the lock.</summary>
    public void Dispose() => _file.Dispose();

    private static string PathIn(string directory, string server) => Path.Combine(directory, $"{server}.lock");
}
