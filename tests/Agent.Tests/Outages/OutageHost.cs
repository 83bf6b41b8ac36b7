using HostAgent.Agent.Hosting;
using HostAgent.Agent.Operations.Model;
using HostAgent.Agent.Outages;
using HostAgent.Agent.Tests.Support;
using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.Agent.Tests.Outages;

/// <summary>A simulated host with one machine and the journal of its agent, on which the commands run as a person calls them.</summary>
internal sealed class OutageHost : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public OutageHost(SimulatedVirtualMachineDescription machine)
    {
        File.WriteAllText(_directory.Combine("estate.yaml"), EstateDocument.Write(EstateGenerator.Generate(1, 1, 7) with { Hosts = [Stage.Host(machine)] }));
    }

    public string Data => _directory.Combine("data");

    public string[] Settings => ["--simulate", _directory.Combine("estate.yaml"), "--host", Stage.HostName, "--data", Data, "--speed", "2000"];

    public void Dispose() => _directory.Dispose();

    /// <summary>Puts steps of the agent into its journal.</summary>
    public async Task RecordAsync(params string[] kinds)
    {
        await using var journal = Recorded.Open(Data);
        foreach (var kind in kinds)
        {
            await journal.RecordAsync(Recorded.Facts(Guid.NewGuid()) with { Kind = kind }, OperationState.Succeeded);
        }
    }

    public async Task<IReadOnlyList<OperationSnapshot>> JournalAsync()
    {
        await using var journal = Recorded.Open(Data);
        return await journal.ListAsync(new OperationQuery(100), TestContext.Current.CancellationToken);
    }

    public async Task<string[]> FactsAsync(params string[] args)
    {
        var output = new StringWriter();
        await AgentFacts.RunAsync([.. args, .. Settings], output, TimeProvider.System, TestContext.Current.CancellationToken);
        return Lines(output);
    }

    public async Task<(bool Runs, string[] Lines)> EndAsync(params string[] args)
    {
        var output = new StringWriter();
        var runs = await EndOutage.RunAsync([.. args, .. Settings], output, TestHooks.None, TestContext.Current.CancellationToken);
        return (runs, Lines(output));
    }

    private static string[] Lines(StringWriter output) => output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
}
