using System.Globalization;

namespace HostAgent.Benchmarks.Coordinator;

/// <summary>Scripted agents, one for each host.</summary>
internal sealed class ScriptedEstate : AgentEstate
{
    // Each agent keeps a listening and a connected socket open.
    private const int AgentsPerProcess = 5_000;

    private int _generation;
    private AgentScript? _script;

    private ScriptedEstate(int agents)
        : base(agents)
    {
    }

    /// <summary>Starts so many agents.</summary>
    public static async Task<ScriptedEstate> StartAsync(int agents, CancellationToken cancellation)
    {
        var estate = new ScriptedEstate(agents);
        try
        {
            await estate.StartAsync(cancellation);
            return estate;
        }
        catch
        {
            await estate.DisposeAsync();
            throw;
        }
    }

    /// <summary>Gives the agents new machines and tells them what to do.</summary>
    /// <returns>The number of the generation, for names.</returns>
    public async Task<int> UseAsync(int machines, TimeSpan item, int spread, TimeSpan percent, CancellationToken cancellation)
    {
        var script = new AgentScript(++_generation, Agents, machines, item, spread, percent);
        await Task.WhenAll(Processes.Select(process => process.TellAsync(script, cancellation)));
        _script = script;
        return _generation;
    }

    /// <summary>The document of a campaign over all machines that the agents have.</summary>
    public string DocumentOf(int generation, int inFlight)
    {
        // As many on each host as the whole needs.
        var perHost = Math.Max(1, (inFlight + Agents - 1) / Agents);
        return string.Create(CultureInfo.InvariantCulture, $$$"""
            apiVersion: failback/v1
            kind: Campaign
            metadata: {name: campaign-{{{generation}}}}
            spec:
              targets: [{hosts: {}}]
              strategy: initiate-failback
              waves: [{name: all}]
              limits: {campaign: {{{inFlight}}}, host: {{{perHost}}}}
            """);
    }

    /// <summary>A campaign whose failbacks take no time.</summary>
    public override async Task<string> NextAsync(int items, int inFlight, CancellationToken cancellation) =>
        DocumentOf(await UseAsync(items, TimeSpan.Zero, spread: 0, TimeSpan.Zero, cancellation), inFlight);

    public override async Task<double> CpuSecondsAsync(CancellationToken cancellation) =>
        (await Task.WhenAll(Processes.Select(process => process.TellAsync(_script!, cancellation)))).Sum(figures => figures.CpuSeconds);

    private async Task StartAsync(CancellationToken cancellation)
    {
        for (var first = 0; first < Agents; first += AgentsPerProcess)
        {
            Start("scripted-agents", "--directory", AgentDirectory, "--first", Text(first), "--count", Text(Math.Min(AgentsPerProcess, Agents - first)));
        }

        var ports = (await Task.WhenAll(Processes.Select(process => process.ReadAsync<List<int>>(cancellation)))).SelectMany(ports => ports);
        await WriteInventoryAsync(ports.Select((port, host) => $"{{name: {ScriptedAgents.NameOf(host)}, address: 'https://127.0.0.1:{Text(port)}', site: west, primarySite: east}}"), cancellation);

        static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }
}
