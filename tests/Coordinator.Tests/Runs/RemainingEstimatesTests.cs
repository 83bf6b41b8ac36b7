using HostAgent.Campaigns;
using HostAgent.Campaigns.Forecast;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;
using HostAgent.Coordinator.Runs;
using HostAgent.Coordinator.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace HostAgent.Coordinator.Tests.Runs;

/// <summary>When a running campaign's remaining time is estimated anew.</summary>
public sealed class RemainingEstimatesTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 21, 20, 0, 0, TimeSpan.Zero));
    private readonly CampaignMachine _machine = new();
    private readonly Signal _activity = new();
    private readonly List<RemainingTime?> _shown = [];
    private readonly RemainingEstimates _estimates;
    private int _nudges;

    public RemainingEstimatesTests()
    {
        _estimates = new RemainingEstimates(_time, Show, () => _nudges++, failure => throw failure);
        Start(_machine, machines: 6);
    }

    [Fact]
    public void Nothing_is_asked_before_anything_has_succeeded()
    {
        _estimates.Note(_machine.State);

        _shown.ShouldBeEmpty();
        _time.Advance(TimeSpan.FromHours(1));
        _nudges.ShouldBe(0);
    }

    [Fact]
    public async Task What_happened_during_a_pause_is_looked_at_after_it_and_nothing_else_is_polled_for()
    {
        Succeed(1);
        _estimates.Note(_machine.State);
        _time.Advance(TimeSpan.FromSeconds(2));
        _nudges.ShouldBe(0, "there was no news");

        _estimates.Note(_machine.State);
        _estimates.Note(_machine.State);
        _time.Advance(TimeSpan.FromSeconds(2));
        _nudges.ShouldBe(1);

        Succeed(2);
        _estimates.Note(_machine.State);
        await _activity.UntilAsync(() => _shown.LastOrDefault() is not null, "an estimate");
        _shown[^1]!.Band.P50.TotalSeconds.ShouldBeInRange(30, 42, "three more, of which each took from ten to fourteen seconds");
    }

    [Fact]
    public async Task An_estimate_is_refreshed_after_a_pause_without_any_news()
    {
        Succeed(3);
        _estimates.Note(_machine.State);
        await _activity.UntilAsync(() => _shown.Count == 1, "an estimate");
        await _activity.UntilAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                _activity.Pulse();
                return _nudges == 1;
            },
            "the run to be nudged");

        _estimates.Note(_machine.State);
        await _activity.UntilAsync(() => _shown.Count == 2, "a newer estimate");
        _shown[1]!.Band.P50.ShouldBeLessThan(_shown[0]!.Band.P50, "what runs has come further");
    }

    [Fact]
    public async Task Nothing_is_estimated_in_the_first_seconds_in_which_the_campaign_has_enough_to_do()
    {
        Succeed(3, TimeSpan.FromSeconds(1));
        _estimates.Note(_machine.State);
        _time.Advance(TimeSpan.FromSeconds(1.9));
        _nudges.ShouldBe(0);

        _time.Advance(TimeSpan.FromSeconds(0.1));
        _nudges.ShouldBe(1);
        _shown.ShouldBeEmpty();

        _estimates.Note(_machine.State);
        await _activity.UntilAsync(() => _shown.Count == 1, "an estimate");
    }

    [Fact]
    public async Task A_large_campaign_is_copied_over_several_turns()
    {
        var large = new CampaignMachine();
        Start(large, machines: 10_000);
        Succeed(large, 3, TimeSpan.FromSeconds(10));

        _estimates.Note(large.State);
        _nudges.ShouldBe(1, "a part is copied");
        _estimates.Note(large.State);
        _nudges.ShouldBe(2, "another part is copied");
        _shown.ShouldBeEmpty();

        _estimates.Note(large.State);
        await _activity.UntilAsync(() => _shown.Count == 1, "an estimate");
        _nudges.ShouldBe(2);
        _shown[0]!.Band.P50.TotalSeconds.ShouldBe(9_997 * 10, tolerance: 10);
    }

    public void Dispose() => _estimates.Dispose();

    private void Show(RemainingTime? remaining)
    {
        _shown.Add(remaining);
        _activity.Pulse();
    }

    private void Start(CampaignMachine machine, int machines)
    {
        var spec = Campaigns.CampaignDocument.Parse(Yaml.Campaign(spec: "limits: {host: 1}"), "test.yaml").Require();
        var host = new EstateHost
        {
            Name = "hv-1",
            Site = "west",
            VirtualMachines = [.. Enumerable.Range(1, machines).Select(number => new EstateVirtualMachine { Id = new Guid(number, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), Name = $"vm-{number}", DiskBytes = 1 << 20 })],
        };
        machine.Handle(new CreateCampaign(Guid.NewGuid(), spec, CampaignPlanner.Plan(spec, new EstateView([host])).Plan, string.Empty, "ann"), _time.GetUtcNow());
        machine.Handle(new StartCampaign(null, "ann"), _time.GetUtcNow());
    }

    private void Succeed(int items, TimeSpan? time = null) => Succeed(_machine, items, time ?? TimeSpan.FromSeconds(10));

    private void Succeed(CampaignMachine machine, int items, TimeSpan time)
    {
        for (var count = 0; count < items; count++)
        {
            var item = machine.State.Items.First(one => one.IsInFlight);
            machine.Handle(new AttemptRunning(item.Id, item.Attempt), _time.GetUtcNow());
            _time.Advance(time);
            machine.Handle(new AttemptSucceeded(item.Id, item.Attempt, false, string.Empty), _time.GetUtcNow());
        }
    }
}
