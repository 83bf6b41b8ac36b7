using HostAgent.Cli;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Watch;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Failback.Demo.Nodes;
using HostAgent.Failback.Estates;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.Texts;

namespace HostAgent.Failback.Demo;

/// <summary>
/// A complete failback campaign on this machine: agents on simulated hosts, a coordinator, mutual TLS, a generated estate, a
/// campaign that is created, started and watched like any other, and a comparison with the hosts' own counts.
/// </summary>
internal sealed class DemoRun(DemoOptions options, DemoTerminal terminal, TimeProvider time)
{
    private int _takeovers;

    /// <summary>Runs the demo, from creating the directory to removing it.</summary>
    /// <returns>0 when every machine was failed back by exactly one initiation or, host to host, is at home, protected, whole and has never run twice; 1 otherwise, 130 when interrupted.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var directory = new DemoDirectory();
        var failed = true;
        try
        {
            var code = await RunAsync(directory, cancellationToken);
            failed = code == ExitCode.Failed;
            return code;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            failed = false;
            throw;
        }
        finally
        {
            if (failed)
            {
                terminal.ShowLogs(directory);
                directory.RemoveAllButLogs();
            }
            else
            {
                directory.Remove();
            }
        }
    }

    private async Task<int> RunAsync(DemoDirectory directory, CancellationToken cancellationToken)
    {
        var scene = DemoScene.Of(options);
        await OutputFile.WriteAsync(directory.Estate, "the estate", EstateDocument.Write(scene.Estate), cancellationToken);
        await OutputFile.WriteAsync(directory.Campaign, "the campaign", scene.Campaign, cancellationToken);
        terminal.Announce(scene, options);

        using var certificates = new DemoCertificates(directory.Certificates, time);
        using INodeStarter starter = options.Processes ? new ChildProcessNodes(directory, time) : new InProcessNodes(directory.Log("demo"));
        // Only a process can be killed.
        using INodeStarter ofCoordinator = options.Kill ? new ChildProcessNodes(directory, time) : starter;
        await using var database = options.Coordinators > 1 ? await DemoDatabase.StartAsync(directory, DemoDatabase.Find(), cancellationToken) : null;
        await using var nodes = new DemoNodes(starter, ofCoordinator, directory, certificates);
        var settings = await StartAsync(nodes, database, directory, certificates, scene, cancellationToken);

        using var coordinator = CoordinatorConnection.Open(settings, time);
        var campaign = await RunCampaignAsync(coordinator, nodes, directory, cancellationToken);
        var initiations = await InitiationCount.AskAsync(nodes.Agents, certificates.Operator, time, cancellationToken);
        var pairs = options.Strategy == DemoStrategy.HostToHost ? await PairCounts.ReadAsync(scene.Estate, directory.Estate, time, cancellationToken) : null;
        var summary = DemoSummary.Of(campaign, options.Hosts, initiations, pairs) with { Takeovers = options.KillOwner ? _takeovers : null };
        terminal.Conclude(summary, options.Keep ? new DemoEndpoints(nodes, directory, settings, scene.CampaignName) : null);
        if (options.Keep)
        {
            await KeepAsync(cancellationToken);
        }

        return summary.IsPerfect ? ExitCode.Success : ExitCode.Failed;
    }

    private async Task<ConnectionSettings> StartAsync(
        DemoNodes nodes, DemoDatabase? database, DemoDirectory directory, DemoCertificates certificates, DemoScene scene, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        await nodes.StartAgentsAsync(scene.Estate, scene.Speed, options.Seed, cancellationToken);

        // The agents' ports are known only once they are running.
        var addresses = nodes.Agents.ToDictionary(agent => agent.Name, agent => agent.Address);
        await OutputFile.WriteAsync(directory.Inventory, "the inventory", EstateInventory.Write(scene.Estate, addresses), cancellationToken);
        await (database is null
            ? nodes.StartCoordinatorAsync(cancellationToken)
            : nodes.StartCoordinatorsAsync(options.Coordinators, new ChildProcessNodes(directory, time), database, time, cancellationToken));
        terminal.Ready(time.GetElapsedTime(began));

        var files = certificates.Operator;
        var settings = new ConnectionSettings(nodes.CoordinatorAddresses, files.CertificatePath!, files.PrivateKeyPath!, files.AuthorityPath!);
        ContextFile.Write(directory.Context, settings);
        return settings;
    }

    private async Task<Campaign> RunCampaignAsync(CoordinatorConnection coordinator, DemoNodes nodes, DemoDirectory directory, CancellationToken cancellationToken)
    {
        var document = new CampaignDocument { Text = await TextFile.ReadAsync(directory.Campaign, cancellationToken), Source = directory.Campaign };

        // A small estate may have no database, which leaves that wave empty.
        var created = await coordinator.Campaigns.CreateCampaignAsync(new CreateCampaignRequest { Document = document, AcceptWarnings = true }, coordinator.Deadline(cancellationToken));
        terminal.Created(created);
        await coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = created.Name }, coordinator.Deadline(cancellationToken));
        var watcher = new CampaignWatcher(coordinator.Campaigns, time);
        if (options is { Strategy: DemoStrategy.InitiateFailback, KillOwner: false })
        {
            return await watcher.WatchAsync(created.Name, terminal.WatchDisplay(), cancellationToken);
        }

        var person = new DemoOperator(coordinator, options, nodes, terminal.WatchDisplay(), time);
        var end = await person.WatchAsync(watcher, created.Name, cancellationToken);
        _takeovers = person.Takeovers;
        return end;
    }

    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C is the normal end of a kept demo.
        }
    }
}
