using System.Runtime.InteropServices;

namespace HostAgent.HyperV.Mi;

/// <summary>
/// One session of the library. It is closed when nobody needs it any more and its last operation has ended: closing it earlier would wait for
/// that operation. Nobody waits for the close itself.
/// </summary>
internal sealed unsafe class MiSession
{
    private readonly MiHandle* _handle;

    // One for the owner, one for each operation.
    private int _users = 1;

    /// <param name="library">The library.</param>
    /// <param name="server">The host; <c>.</c> is the local one.</param>
    public MiSession(MiLibrary library, string server)
    {
        Library = library;
        _handle = (MiHandle*)NativeMemory.AllocZeroed((nuint)sizeof(MiHandle));
        try
        {
            library.NewSession(server, _handle);
        }
        catch
        {
            NativeMemory.Free(_handle);
            throw;
        }
    }

    public MiLibrary Library { get; }

    public MiHandle* Handle => _handle;

    public MiSessionTable* Table => (MiSessionTable*)_handle->Table;

    /// <summary>Keeps the session open for an operation; false when it is being closed.</summary>
    public bool TryEnter()
    {
        var users = Volatile.Read(ref _users);
        while (users > 0)
        {
            var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
            {
                return true;
            }

            users = seen;
        }

        return false;
    }

    /// <summary>Ends an operation, or the owner's interest.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _ = Table->Close(_handle, _handle, &Closed);
        }
    }

    [UnmanagedCallersOnly]
    private static void Closed(void* handle) => NativeMemory.Free(handle);
}

/// <summary>
/// The session to a host: made when a call needs one, and replaced after a failure that may be the connection's. Thread-safe.
/// </summary>
/// <param name="server">The host; <c>.</c> is the local one.</param>
internal sealed class MiConnection(string server)
{
    private readonly Lock _lock = new();
    private MiSession? _session;

    /// <summary>A session that stays open until the caller leaves it.</summary>
    public MiSession Enter()
    {
        lock (_lock)
        {
            if (_session is null || !_session.TryEnter())
            {
                _session = new MiSession(MiLibrary.Load(), server);
                _session.TryEnter();
            }

            return _session;
        }
    }

    /// <summary>Makes the next call use a new session if the one that failed is still in use.</summary>
    /// <param name="failed">The session of the call that failed; null for any.</param>
    public void Forget(MiSession? failed = null)
    {
        MiSession? forgotten;
        lock (_lock)
        {
            if (_session is null || (failed is not null && failed != _session))
            {
                return;
            }

            forgotten = _session;
            _session = null;
        }

        forgotten.Leave();
    }
}
