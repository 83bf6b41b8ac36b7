using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace HostAgent.HyperV.Wine.Harness.Com;

/// <summary>The objects and rows that callers were given while this stands. A connection is not among them: it stays for the next call.</summary>
internal sealed class Handouts : IDisposable
{
    private readonly ConcurrentQueue<nint> _counted = new();

    private Handouts() => Current = this;

    /// <summary>The one that stands, or null.</summary>
    public static Handouts? Current { get; private set; }

    /// <summary>Begins to watch what is given out.</summary>
    public static Handouts Watch() => new();

    /// <summary>Remembers an object by a reference of its own.</summary>
    public void Add(nint pointer)
    {
        Marshal.AddRef(pointer);
        _counted.Enqueue(pointer);
    }

    /// <summary>
    /// How many objects somebody else still holds, by asking each for its count. Forgets those that were released. A collection that happens
    /// in the middle of a call takes over the release of what the call is just dropping: that one is waited for, and none is caused.
    /// </summary>
    public int CountHeld()
    {
        if (CountNow() is 0)
        {
            return 0;
        }

        GC.WaitForPendingFinalizers();
        return CountNow();
    }

    public void Dispose()
    {
        Current = null;
        while (_counted.TryDequeue(out var pointer))
        {
            Marshal.Release(pointer);
        }
    }

    private int CountNow()
    {
        var held = 0;
        for (var left = _counted.Count; left > 0 && _counted.TryDequeue(out var pointer); left--)
        {
            Marshal.AddRef(pointer);
            if (Marshal.Release(pointer) > 1)
            {
                held++;
                _counted.Enqueue(pointer);
            }
            else
            {
                Marshal.Release(pointer);
            }
        }

        return held;
    }
}
