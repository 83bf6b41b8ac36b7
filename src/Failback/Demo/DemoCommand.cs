using System.CommandLine;
using HostAgent.Cli.Commands;

namespace HostAgent.Failback.Demo;

/// <summary>failback demo: a whole campaign on simulated hosts, on this machine.</summary>
internal sealed class DemoCommand : Command
{
    // An estate of eight hosts with databases, file servers and no giant among them: lively to its end.
    private const int DefaultSeed = 779;

    private readonly CommandContext _context;
    private readonly Option<int> _hosts = NumberOption.Create("--hosts", "How many simulated Hyper-V hosts", 8, 1, 200);
    private readonly Option<int> _machines = NumberOption.Create("--vms", "How many virtual machines on each host", 5, 1, 500);
    private readonly Option<bool> _processes = new("--processes") { Description = "Run every agent and the coordinator in a process of its own." };
    private readonly Option<bool> _keep = new("--keep") { Description = "Leave all running afterwards, and print addresses and certificate paths for other tools." };
    private readonly Option<int> _seed = NumberOption.Create("--seed", "What the estate is drawn from", DefaultSeed, 0, int.MaxValue);
    private readonly Option<double> _speed = NumberOption.Create(
        "--speed", "How many times as fast as real ones the hosts work (0: so that the campaign takes about half a minute)", 0d, 0d, 100_000d);

    /// <summary>Defines the command.</summary>
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

/// <summary>What kind of demo is wanted.</summary>
/// <param name="Hosts">How many simulated hosts.</param>
/// <param name="VirtualMachines">How many virtual machines on each.</param>
/// <param name="Processes">Whether every agent and the coordinator get a process of their own.</param>
/// <param name="Keep">Whether everything is left running after the campaign.</param>
/// <param name="Seed">What the estate is drawn from.</param>
/// <param name="Speed">How many times faster than the clock the hosts work; null: so that the campaign takes about half a minute.</param>
internal sealed record DemoOptions(int Hosts, int VirtualMachines, bool Processes, bool Keep, int Seed, double? Speed);
