using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Faults.Histories;
using HostAgent.HyperV.Simulation;
using HostAgent.Tests.Shared;
using HostAgent.Tests.Shared.Processes;
using CampaignsClient = HostAgent.Contracts.Campaigns.V1.Campaigns.CampaignsClient;

namespace HostAgent.Faults.Running;

/// <summary>The processes of a run, and what can be done to them. Every fault says what it was and when, and leaves everything whole.</summary>
internal sealed partial class Theatre(Setup setup, Cluster cluster, IReadOnlyList<SimulatedPair> pairs, PostgreSqlServer? database, CoordinatorNodes? nodes) : IAsyncDisposable
{
    private readonly ConcurrentQueue<Strike> _strikes = new();
    private CancellationTokenSource _changed = new();
    private ServerProcess? _successor;
    private CampaignsClient? _campaigns;

    /// <summary>What the run started with.</summary>
    public Setup Setup => setup;

    /// <summary>The processes.</summary>
    public Cluster Cluster => cluster;

    /// <summary>The pairs of hosts, opened beside their agents.</summary>
    public IReadOnlyList<SimulatedPair> Pairs => pairs;

    /// <summary>The coordinators that there are, the one that acts first; of several nodes any of them may act.</summary>
    public IReadOnlyList<ServerProcess> Coordinators
        => nodes is not null ? [.. nodes.All.Select(node => node.Process)] : _successor is null ? [cluster.Coordinator] : [_successor, cluster.Coordinator];

    /// <summary>Cancelled when another coordinator has taken the place of the first.</summary>
    public CancellationToken Changed => _changed.Token;

    /// <summary>The directory of the store of the coordinator that acts.</summary>
    public string Store => _successor is null ? cluster.Store : Path.Combine(cluster.Root, "copy", "campaigns.db");

    /// <summary>Its data directory.</summary>
    public string CoordinatorData => Path.GetDirectoryName(Store)!;

    /// <summary>What was broken, and when.</summary>
    public IReadOnlyList<Strike> Strikes => [.. _strikes];

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>Kills a coordinator, and starts it again after a while.</summary>
    public Task KillCoordinatorAsync(TimeSpan down) => KillAsync("coordinator killed", null, Coordinators[0], down);

    /// <summary>Kills an agent, and starts it again after a while.</summary>
    public Task KillAgentAsync(string host, TimeSpan down, Action? meanwhile = null) => KillAsync($"agent of {host} killed", host, cluster.Agents[host], down, meanwhile);

    /// <summary>Asks the coordinator to stop, as a service manager does, and starts it again.</summary>
    public async Task RestartCoordinatorAsync(TimeSpan down)
    {
        var begin = Now;
        await Coordinators[0].StopAsync();
        await Task.Delay(down);
        await Coordinators[0].StartAgainAsync();
        _strikes.Enqueue(new Strike("coordinator restarted", null, begin, Now, begin));
    }

    /// <summary>Does something to one of several coordinators.</summary>
    public Task StrikeAsync(Func<CoordinatorNodes, Action<Strike>, Task> strike) => strike(nodes!, _strikes.Enqueue);

    /// <summary>Stops a process in its tracks, and lets it go on after a while.</summary>
    public async Task FreezeAsync(string what, string? host, ServerProcess server, TimeSpan time)
    {
        var begin = Now;
        await server.SignalAsync("STOP");
        await Task.Delay(time);
        await server.SignalAsync("CONT");
        NoteLasting($"{what} stopped", host, begin);
    }

    /// <summary>Starts a process again each time that it has killed itself.</summary>
    /// <param name="what">What it is.</param>
    /// <param name="host">The host whose items it concerns; null when it concerns all.</param>
    /// <param name="server">The process.</param>
    /// <param name="downs">How long it stays down, each time.</param>
    /// <param name="ended">No more deaths are waited for.</param>
    /// <param name="meanwhile">What is done while it is down; null for nothing.</param>
    public async Task ReviveAsync(string what, string? host, ServerProcess server, IReadOnlyList<TimeSpan> downs, CancellationToken ended, Action? meanwhile = null)
    {
        foreach (var down in downs)
        {
            await server.EndedAsync(ended);
            var begin = Now;
            await Task.Delay(down, CancellationToken.None);
            meanwhile?.Invoke();
            await server.StartAgainAsync();
            _strikes.Enqueue(new Strike($"{what} killed itself", host, begin, Now, begin));
        }
    }

    /// <summary>Breaks the ways to some agents for a while.</summary>
    public async Task BreakWireAsync(WireFault fault, IReadOnlyList<string> hosts, TimeSpan time)
    {
        var begin = Now;
        foreach (var host in hosts)
        {
            cluster.Relays[host].Fault = fault;
        }

        await Task.Delay(time);
        foreach (var host in hosts)
        {
            cluster.Relays[host].Fault = setup.Wire;
        }

        NoteLasting($"wire to {string.Join(", ", hosts)} {fault}", hosts.Count == 1 ? hosts[0] : null, begin);
    }

    /// <summary>Makes the management service of a host answer nothing for a while. What the host does goes on.</summary>
    public async Task SilenceHostAsync(string host, TimeSpan time)
    {
        var (begin, silence) = (Now, Path.Combine(cluster.DataOf(host), Controls.Silence));
        await File.WriteAllTextAsync(silence, "");
        await Task.Delay(time);
        File.Delete(silence);
        NoteLasting($"{host} answered nothing", host, begin);
    }

    /// <summary>Sets the clock of the coordinator, or of a host's agent. It stays as it is set.</summary>
    public Task SetClockAsync(string? host, TimeSpan ahead)
    {
        Controls.SetClock(host is null ? CoordinatorData : cluster.DataOf(host), ahead);
        Note(string.Create(CultureInfo.InvariantCulture, $"clock of {(host is null ? "the coordinator" : $"the agent of {host}")} set to {ahead.TotalSeconds:+0.###;-0.###;0} s"), host);
        return Task.CompletedTask;
    }

    /// <summary>Sets the clock of the coordinator, or of a host's agent, while it is down after a kill.</summary>
    public Task SetClockAndKillAsync(string? host, TimeSpan ahead, TimeSpan down) => KillAsync(
        string.Create(CultureInfo.InvariantCulture, $"{(host is null ? "coordinator" : $"agent of {host}")} killed, clock set to {ahead.TotalSeconds:+0.###;-0.###;0} s"),
        host,
        host is null ? Coordinators[0] : cluster.Agents[host],
        down,
        () => Controls.SetClock(host is null ? CoordinatorData : cluster.DataOf(host), ahead));

    /// <summary>Resets every connection to an agent.</summary>
    public Task ResetWireAsync(string host)
    {
        cluster.Relays[host].Reset();
        Note($"wire to {host} reset", host);
        return Task.CompletedTask;
    }

    /// <summary>Cuts the link between two hosts for a while.</summary>
    public async Task CutLinkAsync(SimulatedPair pair, TimeSpan time)
    {
        var begin = Now;
        pair.CutLink();
        await Task.Delay(time);
        pair.RestoreLink();
        NoteLasting($"link of {pair.First.Description.Name} cut", null, begin);
    }

    /// <summary>Crashes the database, and starts it again after a while.</summary>
    public async Task CrashDatabaseAsync(TimeSpan down)
    {
        var begin = Now;
        await database!.StopAsync();
        await Task.Delay(down);
        await database.StartAsync();
        NoteLasting("database crashed", null, begin);
    }

    /// <summary>Fills the disk of the coordinator for a while: nothing that it writes may grow a file.</summary>
    public async Task FillDiskAsync(TimeSpan time)
    {
        var begin = Now;
        await LimitFilesAsync("4096");
        await Task.Delay(time);
        await LimitFilesAsync("unlimited");
        NoteLasting("disk of the coordinator full", null, begin);
    }

    /// <summary>Stops the coordinator in its tracks, lets a copy of it take over and pause the campaigns, and wakes the first: nobody may obey it any more.</summary>
    public async Task ReplaceCoordinatorAsync(CancellationToken cancellationToken)
    {
        var begin = Now;
        await cluster.Coordinator.SignalAsync("STOP");
        foreach (var relay in cluster.Relays.Values)
        {
            relay.Reset();
        }

        _successor = await cluster.StartCopyOfCoordinatorAsync();
        _campaigns = null;
        await Interlocked.Exchange(ref _changed, new CancellationTokenSource()).CancelAsync();
        foreach (var campaign in setup.Campaigns)
        {
            await CommandAsync($"pause {campaign.Id}", Fact.Paused, () => Campaigns.PauseCampaignAsync(new PauseCampaignRequest { Name = campaign.Name, Reason = "the first coordinator hangs" }, cancellationToken: cancellationToken), cancellationToken);
            await UntilAsync(campaign, now => now.Counts.Starting + now.Counts.Running == 0, cancellationToken);
        }

        await cluster.Coordinator.SignalAsync("CONT");
        // It has this long to do what it had in mind.
        await Task.Delay(TimeSpan.FromSeconds(4), cancellationToken);
        await cluster.Coordinator.KillAsync();
        foreach (var campaign in setup.Campaigns)
        {
            await CommandAsync($"resume {campaign.Id}", Fact.Resumed, () => Campaigns.ResumeCampaignAsync(new ResumeCampaignRequest { Name = campaign.Name, Reason = "it is gone" }, cancellationToken: cancellationToken), cancellationToken);
        }

        NoteLasting("coordinator stopped, replaced by a copy, woken and killed", null, begin);
    }

    /// <summary>Keeps something that took no time, and after which all was whole.</summary>
    public void Note(string what, string? host = null) => NoteLasting(what, host, Now);

    public async ValueTask DisposeAsync()
    {
        if (_successor is not null)
        {
            await _successor.DisposeAsync();
        }

        try
        {
            await (nodes?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
        finally
        {
            foreach (var pair in pairs)
            {
                await pair.DisposeAsync();
            }

            await cluster.DisposeAsync();
        }

        _changed.Dispose();
    }

    private void NoteLasting(string what, string? host, DateTimeOffset begin)
    {
        var end = Now;
        _strikes.Enqueue(new Strike(what, host, begin, end, end));
    }

    private async Task KillAsync(string what, string? host, ServerProcess server, TimeSpan down, Action? meanwhile = null)
    {
        var begin = Now;
        await server.KillAsync();
        meanwhile?.Invoke();
        await Task.Delay(down);
        await server.StartAgainAsync();
        _strikes.Enqueue(new Strike(what, host, begin, Now, begin));
    }

    private async Task LimitFilesAsync(string bytes)
    {
        using var limit = Process.Start("prlimit", ["--pid", cluster.Coordinator.Id.ToString(CultureInfo.InvariantCulture), $"--fsize={bytes}:"]);
        await limit.WaitForExitAsync();
        if (limit.ExitCode != 0)
        {
            throw new InvalidOperationException($"prlimit ended with {limit.ExitCode}; the size of files of process {cluster.Coordinator.Id} could not be limited to {bytes}.");
        }
    }
}
