using System.Text.Json.Serialization;
using HostAgent.Campaigns.Messages;

namespace HostAgent.Campaigns.Tests.Golden;

/// <summary>
/// Logs as they were once stored still fold to what they meant. They are never written anew: a new kind of event, or an event with a
/// new field, comes with a further log.
/// </summary>
public sealed class GoldenLogTests
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Golden");

    public static TheoryData<string> Logs => [.. Directory.GetFiles(Folder, "*.jsonl").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Logs))]
    public void Stored_log_folds_to_the_stored_state(string log)
        => PublicState.Of(CampaignMachine.Replay(Events(log)).State).ShouldBe(File.ReadAllText(Path.Combine(Folder, log + ".state.txt")));

    [Theory]
    [MemberData(nameof(Logs))]
    public void Stored_log_can_be_taken_up(string log)
    {
        var events = Events(log).ToList();
        var machine = CampaignMachine.Replay(events);
        machine.Resume(events[^1].At).Rejection.ShouldBeNull();
    }

    [Fact]
    public void Every_kind_of_event_stands_in_a_stored_log()
    {
        var kinds = typeof(CampaignEvent).GetCustomAttributes(typeof(JsonDerivedTypeAttribute), inherit: false)
            .Cast<JsonDerivedTypeAttribute>().Select(attribute => (string)attribute.TypeDiscriminator!);
        var stored = Logs.SelectMany(log => Events(log.Data)).Select(CampaignEventCodec.NameOf).ToHashSet(StringComparer.Ordinal);

        kinds.Where(kind => !stored.Contains(kind)).ShouldBeEmpty("a kind of event without a stored log: see the README");
    }

    private static IEnumerable<CampaignEvent> Events(string log)
        => File.ReadLines(Path.Combine(Folder, log + ".jsonl")).Select(CampaignEventCodec.Read);
}
