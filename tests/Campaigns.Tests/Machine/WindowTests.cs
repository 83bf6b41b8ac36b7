using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Machine;

public class WindowTests
{
    // The scenario begins on Saturday 2026-11-21 at 20:00 UTC, which is 21:00 in Madrid.
    private const string Weekend = "limits: {host: 1}\nwindow: {opens: \"Sat 22:00\", closes: \"Sun 06:00\", timeZone: Europe/Madrid, onClose: ON}";

    private static Scenario Start(string onClose) => Scenario.Started(Weekend.Replace("ON", onClose, StringComparison.Ordinal), Estate.Uniform(1, 4));

    [Theory]
    [InlineData("drain")]
    [InlineData("pause")]
    public void Start_before_the_window_waits_for_it_and_then_goes_on_by_itself(string onClose)
    {
        var scenario = Start(onClose);
        scenario.State.PauseCause.ShouldBe(PauseCause.Window);
        scenario.Effects.ShouldContain(new Messages.WakeAt(Scenario.Begin.AddHours(1)));

        scenario.Wait(TimeSpan.FromHours(1)).InFlight.ShouldBe(["m0-0"]);
    }

    [Fact]
    public void Closing_lets_what_runs_go_on_and_starts_nothing()
    {
        var scenario = Start("drain").Wait(TimeSpan.FromHours(1)).Running("m0-0").WaitThrough(TimeSpan.FromMinutes(29));
        scenario.Now = Scenario.Begin.AddHours(9);
        scenario.Succeed("m0-0").InFlight.ShouldBeEmpty();

        scenario.State.Explanation.ShouldBe("The window is closed until 2026-11-28 21:00Z. It continues when the window opens.");
    }

    [Fact]
    public void Drain_goes_on_by_itself_a_week_later_and_pause_waits_for_a_person()
    {
        foreach (var onClose in new[] { "drain", "pause" })
        {
            var scenario = Start(onClose).Wait(TimeSpan.FromHours(1)).Running("m0-0").Succeed("m0-0").Succeed("m0-1");
            scenario.Now = Scenario.Begin.AddHours(9);
            scenario.Succeed("m0-2").InFlight.ShouldBeEmpty();
            scenario.Now = Scenario.Begin.AddDays(7).AddHours(1);

            scenario.Send(new TimerElapsed()).InFlight.Count.ShouldBe(onClose == "drain" ? 1 : 0);
            scenario.Send(new ResumeCampaign("ann", "")).InFlight.ShouldBe(["m0-3"]);
        }
    }

    [Fact]
    public void Resume_while_closed_waits_for_the_window_and_then_goes_on()
    {
        var scenario = Start("pause").Wait(TimeSpan.FromHours(1)).Running("m0-0");
        scenario.Now = Scenario.Begin.AddHours(9);
        scenario.Succeed("m0-0").Send(new ResumeCampaign("ann", "")).State.PauseCause.ShouldBe(PauseCause.Window);
        scenario.Send(new ResumeCampaign("ann", "")).Rejection.ShouldNotBeNull().Message
            .ShouldBe("The window is closed; it continues automatically when the window opens; it is PAUSED.");

        scenario.Now = Scenario.Begin.AddDays(7).AddHours(1);
        scenario.Send(new TimerElapsed()).InFlight.ShouldBe(["m0-1"]);
    }
}
