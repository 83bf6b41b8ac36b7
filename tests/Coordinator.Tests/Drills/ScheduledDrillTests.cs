using System.Globalization;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.Transport;
using CampaignState = HostAgent.Contracts.Campaigns.V1.CampaignState;

namespace HostAgent.Coordinator.Tests.Drills;

/// <summary>Drills that the coordinator begins by itself, at the times of their schedule.</summary>
public sealed class ScheduledDrillTests
{
    private static readonly SimulatedVirtualMachineDescription Replica = ReturnStage.Machine with { State = ReplicationState.Replicating };

    private static readonly SimulatedVirtualMachineDescription Production =
        ReturnStage.Machine with { Mode = ReplicationMode.Primary, State = ReplicationState.Replicating, Power = EnabledState.Running };

    [Fact]
    public async Task Run_begins_at_its_time_as_a_campaign_of_its_own_also_when_the_coordinator_comes_back_after_it_and_stop_ends_them()
    {
        var clock = new ShiftedClock();
        await using var stage = await ReturnStage.StartAsync(Replica, Production, time: clock);
        var schedule = await stage.Coordinator.CreateAsync(Yaml.Campaign("drill", "strategy: {name: test-failover, verify: {heartbeat: 10s}}", "schedule: {cron: \"* * * * *\", timeZone: UTC}"));
        await stage.Coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = schedule.Name });
        var shown = await stage.Coordinator.Campaigns.GetCampaignAsync(new GetCampaignRequest { Name = schedule.Name });
        (shown.State, shown.Explanation).ShouldBe((CampaignState.Scheduled, string.Create(CultureInfo.InvariantCulture, $"The next run begins at {shown.StartTime.ToDateTimeOffset():yyyy-MM-dd HH:mm}Z.")));

        // Nobody is there when it is due.
        await stage.Coordinator.StopAsync();
        var due = shown.StartTime.ToDateTimeOffset();
        clock.Pass(due - clock.GetUtcNow() + TimeSpan.FromMilliseconds(200));
        await stage.StartCoordinatorAsync();

        var begun = await stage.Coordinator.WatchAsync(schedule.Name, watched => watched.Campaign.Explanation.Contains("The last one was ", StringComparison.Ordinal), "the run to begin");
        var run = $"campaigns/drill-{due.UtcDateTime:yyyyMMdd-HHmm}";
        begun.Campaign.Explanation.ShouldContain($"The last one was {run["campaigns/".Length..]}.");
        await stage.Coordinator.Campaigns.StopCampaignAsync(new StopCampaignRequest { Name = schedule.Name, Reason = "once is enough" });
        var end = await stage.Coordinator.WatchToEndAsync(run);

        (end.Campaign.State, end.Item("sql-01").State).ShouldBe((CampaignState.Completed, ItemState.Succeeded), end.Item("sql-01").Explanation);
        end.Campaign.CreatedBy.ShouldBe("campaigns/drill");
        (await stage.Coordinator.Campaigns.GetCampaignAsync(new GetCampaignRequest { Name = schedule.Name })).State.ShouldBe(CampaignState.Stopped);
        var proofs = await new Contracts.Campaigns.V1.Drills.DrillsClient(stage.Coordinator.Connect(PeerRole.Operator, "dr-lead")).ListProofsAsync(new ListProofsRequest());
        (proofs.Proofs.Single().Passed.Owner, proofs.Proofs.Single().Passed.TestedBy).ShouldBe((run, "dr-lead"));
    }

    [Fact]
    public async Task Run_whose_predecessor_has_not_ended_is_left_out_and_says_so()
    {
        var clock = new ShiftedClock();
        await using var stage = await ReturnStage.StartAsync(Replica, Production, time: clock);
        var schedule = await stage.Coordinator.CreateAsync(Yaml.Campaign("drill", "strategy: {name: test-failover, soak: 24h}", "schedule: {cron: \"* * * * *\", timeZone: UTC}"));
        await stage.Coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = schedule.Name });
        await stage.Coordinator.WatchAsync(schedule.Name, watched => watched.Campaign.Explanation.Contains("The last one was ", StringComparison.Ordinal), "the first run to begin");

        await stage.Coordinator.StopAsync();
        clock.Pass(TimeSpan.FromMinutes(1));
        await stage.StartCoordinatorAsync();
        var second = await stage.Coordinator.WatchAsync(schedule.Name, watched => watched.Campaign.Explanation.Contains("was left out", StringComparison.Ordinal), "the second run to be left out");

        second.Campaign.Explanation.ShouldMatch("The last one was (drill-[0-9]{8}-[0-9]{4})\\. That of .* was left out: the run before it, \\1, has not ended\\.$");
        (await stage.Coordinator.Campaigns.ListCampaignsAsync(new ListCampaignsRequest())).Campaigns.Count.ShouldBe(2);
        await stage.Coordinator.Campaigns.StopCampaignAsync(new StopCampaignRequest { Name = schedule.Name });
    }

    /// <summary>The time of day, shifted so that a minute soon begins.</summary>
    private sealed class ShiftedClock : TimeProvider
    {
        private static readonly TimeSpan Soon = TimeSpan.FromSeconds(8);

        private TimeSpan _shift;

        public ShiftedClock()
        {
            var now = System.GetUtcNow();
            _shift = TimeSpan.FromMinutes(1) - Soon - TimeSpan.FromTicks(now.Ticks % TimeSpan.TicksPerMinute);
        }

        public void Pass(TimeSpan time) => _shift += time;

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _shift;
    }
}
