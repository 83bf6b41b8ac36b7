namespace HostAgent.WebConsole.Sessions;

/// <summary>What came of the last order that was given on this page: shown at its top, and told to screen readers.</summary>
public sealed class Notices(TimeProvider time)
{
    // An order may lead to another page; what came of it is told there.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private long _told;

    /// <summary>There is another notice. Raised within the page.</summary>
    public event EventHandler? Changed;

    /// <summary>What came of it; null when there is nothing to tell.</summary>
    public string? Text { get; private set; }

    /// <summary>Whether the order was refused.</summary>
    public bool IsRefusal { get; private set; }

    /// <summary>Tells what an order did.</summary>
    public void Tell(string text) => Set(text, isRefusal: false);

    /// <summary>Tells why an order was refused.</summary>
    public void Refuse(string text) => Set(text, isRefusal: true);

    /// <summary>Another page was opened: what was told before that belongs to the former one.</summary>
    public void Leave()
    {
        if (Text is not null && time.GetElapsedTime(_told) > Fresh)
        {
            Clear();
        }
    }

    /// <summary>Removes the notice.</summary>
    public void Clear() => Set(null, isRefusal: false);

    private void Set(string? text, bool isRefusal)
    {
        (Text, IsRefusal, _told) = (text, isRefusal, time.GetTimestamp());
        Changed?.Invoke(this, EventArgs.Empty);
    }
}
