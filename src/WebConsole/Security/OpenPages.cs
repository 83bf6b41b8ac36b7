using System.Globalization;
using HostAgent.Transport;

namespace HostAgent.WebConsole.Security;

/// <summary>Counts open pages: each keeps its state in this process, so neither everybody nor one person may have any number of them.</summary>
/// <param name="most">The most of everybody.</param>
/// <param name="mostPerPerson">The most of one person.</param>
internal sealed class OpenPages(int most, int mostPerPerson)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _byPerson = new(StringComparer.OrdinalIgnoreCase);
    private int _all;

    /// <summary>Counts a page until it is closed.</summary>
    /// <returns>Why it may not be opened, and then it was not counted; null when it may.</returns>
    public string? TryOpen(PeerIdentity peer)
    {
        lock (_lock)
        {
            var own = _byPerson.GetValueOrDefault(peer.Uri);
            if (own >= mostPerPerson)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{peer.Uri} already has {own} pages of the console open, the maximum for one person. Close one.");
            }

            if (_all >= most)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{_all} pages of the console are open, the maximum of this coordinator.");
            }

            _all++;
            _byPerson[peer.Uri] = own + 1;
            return null;
        }
    }

    /// <summary>Ends what <see cref="TryOpen"/> began.</summary>
    public void Close(PeerIdentity peer)
    {
        lock (_lock)
        {
            _all--;
            if (--_byPerson[peer.Uri] == 0)
            {
                _byPerson.Remove(peer.Uri);
            }
        }
    }
}
