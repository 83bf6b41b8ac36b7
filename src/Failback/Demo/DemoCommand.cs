using System.CommandLine;
using HostAgent.Cli.Commands;

namespace HostAgent.Failback.Demo;

/// <summary>failback demo: a complete campaign on simulated hosts, on this machine.</summary>
internal sealed class DemoCommand : Command
{
    // With this seed, eight hosts have databases and file servers, and all finish at about the same time.
    private const int DefaultSeed = 779;

    private readonly CommandContext _context;
    private readonly Option<int> _hosts = NumberOption.Create("--hosts", "How many simulated Hyper-V hosts", 8, 1, 200);
    private readonly Option<int> _machines = NumberOption.Create("--vms", "How many virtual machines on each host", 5, 1, 500);
    private readonly Option<bool> _processes = new("--processes") { Description = "Run every agent and the coordinator in a process of its own." };
    private readonly Option<bool> _keep = new("--keep") { Description = "Keep everything running afterwards, and print addresses and certificate paths for other tools." };
    private readonly Option<int> _seed = NumberOption.Create("--seed", "Seed of the simulated estate", DefaultSeed, 0, int.MaxValue);
    private readonly Option<double> _speed = NumberOption.Create(
        "--speed", "How many times faster than real hosts to run (0: chosen so that the campaign takes about half a minute)", 0d, 0d, 100_000d);

    public DemoCommand(CommandContext context)
        : base("demo", "Watch a failback campaign over simulated Hyper-V hosts, on this machine, with nothing to set up.")
    {
        _context = context;
        foreach (Option option in (Option[])[_hosts, _machines, _processes, _keep, _seed, _speed])
        {
            Add(option);
        }

        SetAction((parsed, cancellationToken) => RunAsync(parsed, cancellationToken));
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var speed = parsed.GetValue(_speed);
        var options = new DemoOptions(
            parsed.GetValue(_hosts),
            parsed.GetValue(_machines),
            parsed.GetValue(_processes),
            parsed.GetValue(_keep),
            parsed.GetValue(_seed),
            speed > 0 ? speed : null);
        var environment = _context.Environment;
        return new DemoRun(options, new DemoTerminal(environment, parsed.GetValue(_context.Output)), environment.Time).RunAsync(cancellationToken);
    }
}

/// <summary>Options of a demo.</summary>
/// <param name="Hosts">Number of simulated hosts.</param>
/// <param name="VirtualMachines">Virtual machines per host.</param>
/// <param name="Processes">Whether every agent and the coordinator run in their own process.</param>
/// <param name="Keep">Whether everything keeps running after the campaign.</param>
/// <param name="Seed">Seed of the simulated estate.</param>
/// <param name="Speed">How many times faster than real time the hosts work; null for a campaign of about half a minute.</param>
internal sealed record DemoOptions(int Hosts, int VirtualMachines, bool Processes, bool Keep, int Seed, double? Speed);
