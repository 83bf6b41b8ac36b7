using System.Buffers;
using System.Text;
using System.Text.Json;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.States;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests;

public class CampaignSnapshotTests
{
    [Fact]
    public void Snapshot_of_the_same_log_is_the_same_bytes()
    {
        var scenario = Scenario.Started("dependencies: [{item: {vm: app-*}, after: {vm: sql-*}}]", Estate.Of("h: sql-1 app-1")).Succeed("sql-1");

        CampaignSnapshot.Write(CampaignMachine.Replay(scenario.History).State).ShouldBe(CampaignSnapshot.Write(scenario.State));
    }

    [Fact]
    public void Snapshot_in_the_memory_of_another_is_the_same_bytes()
    {
        var state = Scenario.Started("", Estate.Uniform(10, 10)).Succeed("m0-0").State;
        var output = new ArrayBufferWriter<byte>();

        CampaignSnapshot.Write(state, output);

        output.WrittenSpan.ToArray().ShouldBe(CampaignSnapshot.Write(state));
    }

    [Fact]
    public void Snapshot_leaves_out_what_nothing_has_happened_to()
    {
        var (waiting, started) = (Scenario.Planned("", Estate.Uniform(10, 10)), Scenario.Started("", Estate.Uniform(10, 10)));

        Items(waiting).ShouldBe(0);
        Items(started).ShouldBe(30);

        static int Items(Scenario scenario) => JsonDocument.Parse(CampaignSnapshot.Write(scenario.State)).RootElement.GetProperty("items").GetArrayLength();
    }

    [Fact]
    public void Snapshot_of_another_format_is_refused_with_what_to_do()
    {
        var snapshot = Encoding.UTF8.GetString(CampaignSnapshot.Write(Scenario.Planned("", Estate.Uniform(1, 1)).State)).Replace($"\"format\":{CampaignSnapshot.Format}", "\"format\":9", StringComparison.Ordinal);

        Should.Throw<JsonException>(() => CampaignMachine.Replay(Encoding.UTF8.GetBytes(snapshot), []))
            .Message.ShouldBe($"The snapshot has format 9, and this version reads format {CampaignSnapshot.Format}: replay the log from the start.");
    }

    [Theory]
    [InlineData("\"index\":0", "\"index\":7")]
    [InlineData("\"index\":0", "\"index\":-1")]
    [InlineData("\"hosts\":[{", "\"hosts\":[],\"x\":[{")]
    [InlineData("\"waves\":[{", "\"waves\":[],\"x\":[{")]
    public void Snapshot_that_contradicts_itself_is_refused(string part, string other)
    {
        var whole = Encoding.UTF8.GetString(CampaignSnapshot.Write(Scenario.Started("", Estate.Uniform(1, 1)).State));
        var damaged = whole.Replace(part, other, StringComparison.Ordinal);
        damaged.ShouldNotBe(whole);

        Should.Throw<JsonException>(() => CampaignMachine.Replay(Encoding.UTF8.GetBytes(damaged), []));
    }

    [Fact]
    public void Snapshot_that_was_cut_off_is_refused()
    {
        var snapshot = CampaignSnapshot.Write(Scenario.Planned("", Estate.Uniform(1, 1)).State);

        Should.Throw<JsonException>(() => CampaignMachine.Replay(snapshot.AsSpan(0, snapshot.Length / 2), []));
    }

    [Fact]
    public void Snapshot_before_the_plan_is_refused()
        => Should.Throw<InvalidOperationException>(() => CampaignSnapshot.Write(new CampaignMachine().State));

    [Fact]
    public void Machine_from_a_snapshot_goes_on()
    {
        var scenario = Scenario.Started("limits: {host: 1}", Estate.Uniform(1, 2));
        var machine = CampaignMachine.Replay(CampaignSnapshot.Write(scenario.State), []);
        machine.Resume(scenario.Now);

        machine.Handle(new AttemptSucceeded(Estate.ItemOf("m0-0"), 1, false, "done"), scenario.Now);

        machine.State.FindItem(Estate.ItemOf("m0-1"))!.IsInFlight.ShouldBeTrue();
    }
}
