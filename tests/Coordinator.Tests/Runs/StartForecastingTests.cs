using HostAgent.Campaigns;
using HostAgent.Campaigns.Forecast;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;
using HostAgent.Coordinator.Runs;
using HostAgent.Coordinator.Tests.Support;

namespace HostAgent.Coordinator.Tests.Runs;

/// <summary>When the forecast of a campaign's start is made, and when it is given up.</summary>
public sealed class StartForecastingTests : IStartForecasts, IAsyncDisposable
{
    private static readonly DateTimeOffset Noon = new(2031, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly CampaignMachine _machine = new();
    private readonly TaskCompletionSource<CancellationToken> _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StartForecasting _forecasting;

    public StartForecastingTests()
    {
        _forecasting = new StartForecasting(this, (_, _) => ValueTask.CompletedTask, failure => throw failure);
        var spec = Campaigns.CampaignDocument.Parse(Yaml.Campaign(spec: "limits: {host: 1}"), "test.yaml").Require();
        var host = new EstateHost
        {
            Name = "hv-1",
            Site = "west",
            VirtualMachines = [.. Enumerable.Range(1, 2).Select(number => new EstateVirtualMachine { Id = new Guid(number, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), Name = $"vm-{number}", DiskBytes = 1 << 20 })],
        };
        _machine.Handle(new CreateCampaign(Guid.NewGuid(), spec, CampaignPlanner.Plan(spec, new EstateView([host])).Plan, string.Empty, "ann"), Noon);
        _machine.Handle(new StartCampaign(null, "ann"), Noon);
    }

    [Fact]
    public async Task Forecast_that_is_not_made_when_the_first_item_ends_is_given_up()
    {
        _forecasting.Note(_machine.State);
        var asked = await _asked.Task.WaitAsync(Limits.Patience, TestContext.Current.CancellationToken);
        var item = _machine.State.Items.First(one => one.IsInFlight);
        _machine.Handle(new AttemptRunning(item.Id, item.Attempt), Noon);
        _forecasting.Note(_machine.State);
        asked.IsCancellationRequested.ShouldBeFalse("it would still be one");

        _machine.Handle(new AttemptSucceeded(item.Id, item.Attempt, false, string.Empty), Noon);
        _forecasting.Note(_machine.State);

        asked.IsCancellationRequested.ShouldBeTrue();
    }

    public async Task<CampaignForecast> ForecastAsync(CampaignSpec spec, CampaignPlan plan, ForecastAssumptions assumptions, DateTimeOffset start, CancellationToken cancellationToken)
    {
        _asked.SetResult(cancellationToken);
        await Task.Delay(Timeout.Infinite, cancellationToken);
        throw new InvalidOperationException("It never ends by itself.");
    }

    public ValueTask DisposeAsync() => _forecasting.DisposeAsync();
}
