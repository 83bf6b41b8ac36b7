using HostAgent.Campaigns.Forecast;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Forecast;

/// <summary>What a campaign's log tells of rates. The harness gives every machine a disk of 1024 bytes.</summary>
public sealed class RateHistoryTests
{
    private readonly Scenario _scenario = Scenario.Started("limits: {host: 4}", Estate.Of("hv-1: a b"));

    [Fact]
    public void A_failback_is_measured_from_running_to_success()
    {
        _scenario.Now += TimeSpan.FromMinutes(1);
        _scenario.Running("a");
        _scenario.Now += TimeSpan.FromSeconds(16);
        _scenario.Succeed("a");

        Read().ShouldBe([new RateSample("hv-1", 1024, TimeSpan.FromSeconds(16))]);
        Read()[0].BytesPerSecond.ShouldBe(64);
    }

    [Fact]
    public void One_that_was_not_seen_to_run_is_not_measured()
    {
        _scenario.Now += TimeSpan.FromMinutes(1);
        _scenario.Succeed("a");

        Read().ShouldBeEmpty();
    }

    [Fact]
    public void One_that_failed_is_not_measured()
    {
        _scenario.Running("a");
        _scenario.Now += TimeSpan.FromMinutes(1);
        _scenario.Fail("a");

        Read().ShouldBeEmpty();
    }

    [Fact]
    public void One_whose_success_was_learnt_after_its_outcome_was_unknown_is_not_measured()
    {
        _scenario.Running("a").Running("b");
        _scenario.Send(new AttemptOutcomeUnknown(Estate.ItemOf("a"), 1, "The job is gone."));
        _scenario.WaitThrough(TimeSpan.FromHours(1));
        _scenario.Succeed("a");

        Read().ShouldBeEmpty();
    }

    [Fact]
    public void The_events_that_are_named_are_all_that_it_needs()
    {
        _scenario.Running("a");
        _scenario.Now += TimeSpan.FromSeconds(4);
        _scenario.Succeed("a");

        var all = Read();
        var named = new RateHistory();
        foreach (var stored in _scenario.History.Where(stored => RateHistory.EventNames.Contains(CampaignEventCodec.NameOf(stored))))
        {
            named.Add(stored);
        }

        named.Samples.ShouldBe(all);
        _scenario.History.OfType<CampaignCreated>().ShouldNotBeEmpty("there is something that need not be read");
    }

    private IReadOnlyList<RateSample> Read()
    {
        var history = new RateHistory();
        foreach (var stored in _scenario.History)
        {
            history.Add(stored);
        }

        return history.Samples;
    }
}
