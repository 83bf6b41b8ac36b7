namespace HostAgent.WebConsole.Sessions;

/// <summary>What came of the last order that was given on this page: shown at its top, and told to screen readers.</summary>
public sealed class Notices
{
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

    /// <summary>Removes the notice.</summary>
    public void Clear() => Set(null, isRefusal: false);

    private void Set(string? text, bool isRefusal)
    {
        (Text, IsRefusal) = (text, isRefusal);
        Changed?.Invoke(this, EventArgs.Empty);
    }
}
