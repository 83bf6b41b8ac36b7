using System.Text;
using HostAgent.Campaigns.Messages;

namespace HostAgent.Benchmarks.Engine;

/// <summary>A campaign's events in the form in which they are stored, one a line in a file that goes with it.</summary>
internal sealed class EventFile : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("engine-benchmark-");
    private readonly StreamWriter _writer;

    public EventFile() => _writer = new StreamWriter(FilePath, append: false, Encoding.UTF8, bufferSize: 1 << 16);

    public int Count { get; private set; }

    public long Bytes { get; private set; }

    private string FilePath => Path.Combine(_directory.FullName, "events.json");

    public void Append(IReadOnlyList<CampaignEvent> events)
    {
        foreach (var campaignEvent in events)
        {
            var json = CampaignEventCodec.Write(campaignEvent);
            _writer.WriteLine(json);
            Count++;
            Bytes += Encoding.UTF8.GetByteCount(json);
        }
    }

    public IEnumerable<CampaignEvent> Read()
    {
        _writer.Flush();
        return File.ReadLines(FilePath).Select(CampaignEventCodec.Read);
    }

    public void Dispose()
    {
        _writer.Dispose();
        _directory.Delete(recursive: true);
    }
}
