using HostAgent.Contracts.Words;
using System.Globalization;
using System.Threading.Channels;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Watch;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Failback.Demo;

/// <summary>
/// The person of a demo: watches the campaign and, host to host, approves the outages of each wave when its machines are in step. Also what goes wrong, when that is wanted: the coordinator
/// is killed in the middle.
/// </summary>
internal sealed class DemoOperator(CoordinatorConnection coordinator, DemoOptions options, DemoNodes nodes, IWatchDisplay display, TimeProvider time) : IWatchDisplay
{
    private const string Comment = "the users are told";

    // Long enough to be read on the screen.
    private static readonly TimeSpan Thought = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan DeadFor = TimeSpan.FromSeconds(1);

    private readonly Channel<Func<CancellationToken, Task>> _acts = Channel.CreateUnbounded<Func<CancellationToken, Task>>();
    private readonly HashSet<string> _approved = new(StringComparer.Ordinal);
    private readonly HashSet<string> _struck = new(StringComparer.Ordinal);

    /// <summary>How often another coordinator took over from a killed one.</summary>
    public int Takeovers { get; private set; }

    /// <summary>Watches a campaign to its end and does what it needs from a person.</summary>
    /// <exception cref="Grpc.Core.RpcException">The coordinator refused something, or stopped answering.</exception>
    public async Task<Campaign> WatchAsync(CampaignWatcher watcher, string name, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = watcher.WatchAsync(name, this, ended.Token);
        var acting = ActAsync(ended.Token);
        if (await Task.WhenAny(watching, acting) == acting)
        {
            // Without its person the campaign would wait for ever.
            await ended.CancelAsync();
            await Task.WhenAny(watching);
            await acting;
        }

        _acts.Writer.Complete();
        await acting;
        return await watching;
    }

    /// <inheritdoc/>
    public Task<Campaign> ShowAsync(Func<Task<Campaign>> watch) => display.ShowAsync(watch);

    /// <inheritdoc/>
    public void Update(CampaignUpdate update)
    {
        display.Update(update);
        if (update.Campaign is not { State: CampaignState.Running } campaign)
        {
            return;
        }

        foreach (var wave in campaign.Waves.Where(wave => wave is { State: WaveState.Running, OutagesApprovedBy: "", WaitingFor: not "" } && IsReady(wave.Counts) && _approved.Add(wave.Name)))
        {
            _acts.Writer.TryWrite(token => ApproveAsync(campaign.Name, wave.Name, token));
        }

        if (options.Kill && campaign.Waves.Last(wave => wave.Counts.Total > 0) is var last && IsInTheMiddle(last) && _struck.Add(last.Name))
        {
            _acts.Writer.TryWrite(KillAsync);
        }

        foreach (var wave in options.KillOwner ? campaign.Waves.Where(wave => IsInTheMiddle(wave) && _struck.Add(wave.Name)) : [])
        {
            _acts.Writer.TryWrite(KillOwnerAsync);
        }
    }

    /// <inheritdoc/>
    public void Disconnected(string reason) => display.Disconnected(reason);

    /// <inheritdoc/>
    public bool ShowsWaits => display.ShowsWaits;

    /// <inheritdoc/>
    public void Explain(ExplainCampaignResponse waits) => display.Explain(waits);

    /// <inheritdoc/>
    public void Remark(string text) => display.Remark(text);

    private static bool IsReady(ItemCounts counts) => counts.Synced > 0 && counts.Synced + counts.Held + counts.Done() == counts.Total;

    // Machines of the wave are under way, host to host with their services down, and some, if it has more than that, are home.
    private bool IsInTheMiddle(Wave wave) => wave.State == WaveState.Running && wave.Counts.Active() > 0
        && (options.Strategy == DemoStrategy.InitiateFailback || wave.OutagesApprovedBy.Length > 0)
        && (wave.Counts.AllSucceeded() > 0 || wave.Counts.Synced + wave.Counts.Pending == 0);

    private async Task ActAsync(CancellationToken cancellationToken)
    {
        await foreach (var act in _acts.Reader.ReadAllAsync(cancellationToken))
        {
            await act(cancellationToken);
        }
    }

    private async Task ApproveAsync(string campaign, string wave, CancellationToken cancellationToken)
    {
        display.Remark($"The demo approves the outages of wave {wave}, as a person would: failback campaign approve {ResourceName.Id(campaign)} {wave} --comment \"{Comment}\"");
        await Task.Delay(Thought, time, cancellationToken);
        await coordinator.Campaigns.ApproveWaveAsync(new ApproveWaveRequest { Name = campaign, Wave = wave, Comment = Comment }, coordinator.Deadline(cancellationToken));
    }

    private async Task KillOwnerAsync(CancellationToken cancellationToken)
    {
        var (killed, successor, after) = await nodes.Coordinators!.KillAsync(cancellationToken);
        Takeovers++;
        display.Remark(string.Create(
            CultureInfo.InvariantCulture, $"The demo has killed {killed} (SIGKILL), which was at work; {successor} has taken over after {after.TotalSeconds:0.0} s, and {killed} was started again and stands by."));
    }

    private async Task KillAsync(CancellationToken cancellationToken)
    {
        // Those that have just been let go are shut down by now.
        await Task.Delay(DeadFor, time, cancellationToken);
        await nodes.KillCoordinatorAsync();
        display.Remark("The demo has killed the coordinator (SIGKILL) while services are down, and starts it again.");
        await Task.Delay(DeadFor, time, cancellationToken);
        await nodes.StartCoordinatorAgainAsync(cancellationToken);
    }
}
