using Google.Protobuf.WellKnownTypes;
using HostAgent.Cli.Tests.Fakes;
using HostAgent.Cli.Watch;
using HostAgent.Cli.Watch.Screen;
using HostAgent.Contracts.Campaigns.V1;
using Microsoft.Extensions.Time.Testing;
using Spectre.Console;
using Spectre.Console.Testing;

namespace HostAgent.Cli.Tests.Watch.Screen;

public sealed class WatchScreenTests
{
    private readonly FakeTimeProvider _time = new(Some.Start.AddSeconds(83));
    private readonly CampaignView _view;

    public WatchScreenTests() => _view = new CampaignView(_time);

    [Fact]
    public void Wide_shows_state_waves_hosts_and_counts()
    {
        Apply(Example());

        Draw(100, 24).ShouldBe(
        [
            "return-to-east  RUNNING  1:23 elapsed",
            "",
            "✔ canary      ━━━━━━━━━━━━━━━━  100%      2/2",
            "▶ databases   ━━━━━━━━────────   50%      2/6  2 running",
            "· rest        ────────────────    0%     0/10",
            "",
            "  hv-west-01  ━━━━━━━━━───────  ✔2   ✘0   ·1    sql-03  45%",
            "  hv-west-02  ━━━━━━━━━━──────  ✔1   ✘1   ·0    sql-04    …",
            "",
            "✘ web-01 on hv-west-02 FAILED The host has not enough memory.",
            "",
            "✔ 4 succeeded   ▶ 2 running   · 12 waiting   ✘ 0 failed",
        ]);
    }

    [Fact]
    public void What_waits_for_a_person_stands_above_the_counts_with_the_command_that_frees_it()
    {
        Apply(Example());
        _view.Waits = new ExplainCampaignResponse
        {
            Reasons =
            {
                new WaitReason
                {
                    Code = "ASKS", Subject = "SPLIT_BRAIN", Explanation = "It runs on both hosts.", Count = 1,
                    Questions = { new WaitQuestion { Answers = { new WaitAnswer { Command = "failback vm answer erp-01 STOP_HOME" } } } },
                },
                new WaitReason { Code = "OUTAGE_APPROVAL", Subject = "databases", Explanation = "Its outages wait.", Act = "failback campaign approve return-to-east databases", Count = 4 },
                new WaitReason { Code = "WAVE", Subject = "databases", Explanation = "Wave databases goes first.", Count = 10 },
                new WaitReason { Code = "LIMIT", Subject = "host", Count = 1 },
            },
        };

        Draw(100, 24)[^10..].ShouldBe(
        [
            "! 1 ASKS (SPLIT_BRAIN)  It runs on both hosts.",
            "    failback vm answer erp-01 STOP_HOME",
            "! 4 OUTAGE_APPROVAL (databases)  Its outages wait.",
            "    failback campaign approve return-to-east databases",
            "· 10 WAVE (databases)  Wave databases goes first.",
            "… and 1 more: failback campaign explain return-to-east",
            "",
            "✘ web-01 on hv-west-02 FAILED The host has not enough memory.",
            "",
            "✔ 4 succeeded   ▶ 2 running   · 12 waiting   ✘ 0 failed",
        ]);
    }

    [Fact]
    public void What_is_left_passes_between_two_updates_and_never_below_nothing()
    {
        var campaign = Example();
        campaign.Campaign.RemainingP50 = TimeSpan.FromSeconds(90).ToDuration();
        campaign.Campaign.RemainingP90 = TimeSpan.FromSeconds(150).ToDuration();
        Apply(campaign);
        Draw(100, 24)[0].ShouldBe("return-to-east  RUNNING  1:23 elapsed  · 1:30 to 2:30 left");

        _time.Advance(TimeSpan.FromSeconds(100));

        Draw(100, 24)[0].ShouldBe("return-to-east  RUNNING  3:03 elapsed  · 0:00 to 0:50 left");
    }

    [Fact]
    public void Narrow_leaves_out_bars_and_counts_and_never_wraps()
    {
        Apply(Example());

        var lines = Draw(40, 24);

        lines.ShouldAllBe(line => line.Length <= 40);
        lines.ShouldContain("▶ databases    50%      2/6  2 running");
        lines.ShouldContain("  hv-west-01 2/4  sql-03  45%");
        lines.ShouldContain("✘ web-01 on hv-west-02 FAILED The host …");
    }

    [Fact]
    public void Many_hosts_show_the_busiest_by_name_and_say_how_many_more_there_are()
    {
        List<Item> items = [];
        for (var host = 1; host <= 500; host++)
        {
            items.Add(Some.Item("app-1", $"hv-{host:000}", host % 100 == 0 ? ItemState.Running : ItemState.Pending, percent: host % 100 == 0 ? 50 : null));
        }

        Apply(Some.Update(Some.Campaign(CampaignState.Running, Some.Wave("rest", WaveState.Running, 500, running: 5)), false, [.. items]));

        var lines = Draw(100, 14);

        lines.Count.ShouldBeLessThanOrEqualTo(13);
        lines.Where(line => line.Contains("app-1", StringComparison.Ordinal)).Select(line => line.Trim()[..6]).ShouldBe(["hv-100", "hv-200", "hv-300", "hv-400", "hv-500"]);
        lines.ShouldContain("  … and 494 more hosts: 0 running, 494 waiting");
    }

    [Theory]
    [InlineData(20, 5)]
    [InlineData(80, 3)]
    [InlineData(1, 1)]
    [InlineData(30, 10)]
    public void No_terminal_is_too_small(int width, int height)
    {
        Apply(Example());

        var lines = Draw(width, height);

        lines.Count.ShouldBeInRange(1, Math.Max(1, height - 1));
        lines.ShouldAllBe(line => line.Length <= width);
    }

    [Fact]
    public void A_pause_says_why_in_full()
    {
        var campaign = Some.Campaign(CampaignState.Paused, Some.Wave("rest", WaveState.Running, 40, succeeded: 10, failed: 3));
        campaign.PauseCause = PauseCause.Tolerance;
        campaign.Explanation = "Paused by tolerance: 3 items have failed and 2 are tolerated; what runs goes on, nothing new starts until somebody resumes it.";
        Apply(Some.Update(campaign));

        var lines = Draw(60, 24);

        lines[0].ShouldStartWith("return-to-east  PAUSED");
        string.Join(' ', lines.Skip(1).TakeWhile(line => line.Length > 0)).ShouldBe(campaign.Explanation);
    }

    [Fact]
    public void A_lost_connection_is_shown_until_the_next_update()
    {
        Apply(Example());
        _view.Disconnected = "Lost the connection to the coordinator; retrying in 2 s: it stops.";
        Draw(100, 24)[1].ShouldBe("Lost the connection to the coordinator; retrying in 2 s: it stops.");

        Apply(Some.Update(null));

        Draw(100, 24)[1].ShouldBe("");
    }

    [Fact]
    public void A_gate_says_what_it_waits_for()
    {
        Apply(Some.Update(Some.Campaign(CampaignState.Running, Some.Wave("canary", WaveState.AtGate, 2, succeeded: 2, percent: 100, waitingFor: "the approval of dr-lead"))));

        Draw(100, 24).ShouldContain("▶ canary  ━━━━━━━━━━━━━━━━  100%      2/2  waits for the approval of dr-lead");
    }

    [Fact]
    public void Names_are_not_markup_and_control_characters_are_written_out()
    {
        Apply(Some.Update(Some.Campaign(), false, Some.Item("[red]x[/]\x1b[2J", "hv-1", ItemState.Running)));

        var lines = Draw(100, 24);

        lines.ShouldContain(line => line.Contains("[red]x[/]\\u001B[2J", StringComparison.Ordinal));
    }

    [Fact]
    public void The_end_of_a_campaign_stops_its_clock()
    {
        var campaign = Some.Campaign(CampaignState.Completed);
        campaign.EndTime = Timestamp.FromDateTimeOffset(Some.Start.AddSeconds(30));
        Apply(Some.Update(campaign));

        Draw(100, 24)[0].ShouldBe("return-to-east  COMPLETED  0:30 elapsed");
    }

    [Fact]
    public void A_terminal_without_unicode_gets_ascii()
    {
        Apply(Example());

        Draw(100, 24, unicode: false).ShouldAllBe(line => line.All(char.IsAscii));
    }

    [Fact]
    public void A_failure_is_visible_among_thousands()
    {
        var bar = string.Concat(new Bar(0.9995, 0.0005, 0).Draw(10, Glyphs.Unicode).Where(part => part.Style == Styles.Failed).Select(part => part.Text));

        bar.ShouldBe("━");
    }

    private static CampaignUpdate Example() => Some.Update(
        Some.Campaign(
            CampaignState.Running,
            Some.Wave("canary", WaveState.Done, 2, succeeded: 2, percent: 100),
            Some.Wave("databases", WaveState.Running, 6, succeeded: 2, running: 2, percent: 50),
            Some.Wave("rest", WaveState.Pending, 10)),
        false,
        Some.Item("sql-01", "hv-west-01", ItemState.Succeeded),
        Some.Item("sql-02", "hv-west-01", ItemState.Succeeded),
        Some.Item("sql-03", "hv-west-01", ItemState.Running, percent: 45),
        Some.Item("app-01", "hv-west-01", ItemState.Pending),
        Some.Item("dc-01", "hv-west-02", ItemState.Succeeded),
        Some.Item("sql-04", "hv-west-02", ItemState.Starting),
        Some.Item("web-01", "hv-west-02", ItemState.Failed, explanation: "The host has not enough memory."));

    private void Apply(CampaignUpdate update) => _view.Apply(update);

    private List<string> Draw(int width, int height, bool unicode = true)
    {
        using var console = new TestConsole();
        console.Profile.Width = width;
        console.Write(new WatchScreen(_view, _time).Draw(width, height, unicode));
        return [.. console.Output.TrimEnd('\n').Split('\n').Select(line => line.TrimEnd())];
    }
}
