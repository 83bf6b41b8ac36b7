using System.Text;
using CommunityToolkit.HighPerformance.Buffers;
using HostAgent.Campaigns.Messages;

namespace HostAgent.Coordinator.Store;

/// <summary>
/// Writes events for the store. The plan of a large campaign is one event of megabytes: as a text it would be a large object, and garbage as soon as it is stored, so it is
/// written in lent memory, which goes back when this is disposed of, after the write.
/// </summary>
internal sealed class EventTexts : IDisposable
{
    /// <summary>A text of so many characters is a large object.</summary>
    public const int Large = 85_000 / sizeof(char);

    private readonly List<ArrayPoolBufferWriter<byte>> _lent = [];

    /// <summary>The event as the store takes it.</summary>
    public NewEvent Write(CampaignEvent decided)
    {
        var buffer = new ArrayPoolBufferWriter<byte>();
        CampaignEventCodec.Write(decided, buffer);
        EventText text;
        if (buffer.WrittenCount < Large)
        {
            text = Encoding.UTF8.GetString(buffer.WrittenSpan);
            buffer.Dispose();
        }
        else
        {
            text = EventText.Lent(buffer.WrittenMemory);
            _lent.Add(buffer);
        }

        return new NewEvent(decided.At, CampaignEventCodec.NameOf(decided), text);
    }

    public void Dispose()
    {
        foreach (var buffer in _lent)
        {
            buffer.Dispose();
        }

        _lent.Clear();
    }
}
