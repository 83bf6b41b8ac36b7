using System.Buffers.Binary;
using HostAgent.HyperV.Simulation.World;

namespace HostAgent.HyperV.Simulation.Engine;

/// <summary>
/// The files by which the processes of two linked hosts share them. Whoever holds the lock file alone reads and writes both hosts' state files and the link's;
/// the operating system releases it when its holder is killed. It contains the time up to which anybody has seen the hosts, so that time never goes back for
/// one process because another's clock is behind.
/// </summary>
internal sealed class SharedLink : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _lockFile;
    private FileStream? _held;

    private SharedLink(string lockFile, StateFile records) => (_lockFile, Records) = (lockFile, records);

    /// <summary>The link's own records.</summary>
    public StateFile Records { get; }

    /// <summary>The time up to which anybody has seen the hosts, in UTC ticks; valid while the lock is held.</summary>
    public long LastTicks { get; private set; }

    /// <summary>Opens or creates the files of a link.</summary>
    /// <exception cref="StateFileException">A file cannot be opened.</exception>
    public static SharedLink Open(string directory, string first, string second, bool flushToDisk)
    {
        var path = Path.Combine(Path.GetFullPath(directory), $"{first}--{second}");
        return new SharedLink(path + ".lock", StateFile.OpenShared(path + ".link", flushToDisk, serves: false));
    }

    /// <summary>Opens the files of a link; null when there are none.</summary>
    /// <exception cref="StateFileException">A file cannot be opened.</exception>
    public static SharedLink? OpenExisting(string directory, string first, string second)
        => File.Exists(Path.Combine(Path.GetFullPath(directory), $"{first}--{second}.link")) ? Open(directory, first, second, flushToDisk: false) : null;

    /// <summary>Waits for the lock.</summary>
    /// <exception cref="StateFileException">Another process has held it for long, or it cannot be opened.</exception>
    public void Take()
    {
        // Another process holds it for the time of one call. The wait is about the operating system, so a test's clock has no part in it.
        var began = TimeProvider.System.GetTimestamp();
        var spinner = new SpinWait();
        while (_held is null)
        {
            try
            {
                _held = new FileStream(_lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException) when (File.Exists(_lockFile) && TimeProvider.System.GetElapsedTime(began) < Patience)
            {
                spinner.SpinOnce();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new StateFileException($"The link's lock file {_lockFile} cannot be taken: {exception.Message}", exception);
            }
        }

        Span<byte> written = stackalloc byte[sizeof(long)];
        LastTicks = RandomAccess.Read(_held.SafeFileHandle, written, 0) == written.Length ? BinaryPrimitives.ReadInt64LittleEndian(written) : 0;
        if (LastTicks < 0 || LastTicks > DateTimeOffset.MaxValue.UtcTicks)
        {
            Release();
            throw new StateFileException($"The link's lock file {_lockFile} is damaged: it has the time {LastTicks}; delete it.");
        }
    }

    /// <summary>Notes the time up to which the hosts have been seen.</summary>
    public void Saw(long ticks)
    {
        if (ticks > LastTicks && _held is { } held)
        {
            Span<byte> bytes = stackalloc byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(bytes, LastTicks = ticks);
            RandomAccess.Write(held.SafeFileHandle, bytes, 0);
        }
    }

    public void Release()
    {
        _held?.Dispose();
        _held = null;
    }

    public void Dispose()
    {
        Release();
        Records.Dispose();
    }
}
