using System.CommandLine;
using System.Globalization;
using HostAgent.Cli;
using HostAgent.Cli.Commands;

namespace HostAgent.Failback.Demo;

/// <summary>failback demo: a complete campaign on simulated hosts, on this machine.</summary>
internal sealed class DemoCommand : Command
{
    // With this seed, eight hosts have databases and file servers, and all finish at about the same time; and so have four pairs.
    private const int DefaultSeed = 779;

    private readonly CommandContext _context;
    private readonly Option<DemoStrategy> _strategy = ChoiceOption.One(
        "--strategy",
        "How machines return: host-to-host (the default for pairs of hosts), from each host to its partner at home with Windows' in-box replication; or initiate-failback (the default for an odd number of hosts), by the failback call of an external replication provider.",
        ("host-to-host", DemoStrategy.HostToHost),
        ("initiate-failback", DemoStrategy.InitiateFailback));

    private readonly Option<int> _hosts = NumberOption.Create("--hosts", "How many simulated Hyper-V hosts; host to host an even number, for they are pairs", 8, 1, 200);
    private readonly Option<int> _machines = NumberOption.Create("--vms", "How many virtual machines for each host; host to host a pair has twice as many", 5, 1, 500);
    private readonly Option<bool> _processes = new("--processes") { Description = "Run every agent and the coordinator in a process of its own." };
    private readonly Option<bool> _kill = new("--kill") { Description = "Host to host: kill the coordinator while services are down, and start it again." };
    private readonly Option<int> _coordinators = NumberOption.Create(
        "--coordinators", "How many coordinators; several have a process each and share a PostgreSQL: one is at work, the others stand by", 1, 1, 5);

    private readonly Option<bool> _killOwner = new("--kill-owner") { Description = "Several coordinators: kill the one at work in the middle of each wave, and watch another one take over." };
    private readonly Option<bool> _keep = new("--keep") { Description = "Keep everything running afterwards, and print addresses and certificate paths for other tools." };
    private readonly Option<int> _seed = NumberOption.Create("--seed", "Seed of the simulated estate", DefaultSeed, 0, int.MaxValue);
    private readonly Option<double> _speed = NumberOption.Create(
        "--speed", "How many times faster than real hosts to run (0: chosen so that the campaign takes less than a minute)", 0d, 0d, 100_000d);

    public DemoCommand(CommandContext context)
        : base("demo", "Watch a failback campaign over simulated Hyper-V hosts, on this machine, with nothing to set up.")
    {
        _context = context;
        foreach (Option option in (Option[])[_strategy, _hosts, _machines, _processes, _kill, _coordinators, _killOwner, _keep, _seed, _speed])
        {
            Add(option);
        }

        SetAction((parsed, cancellationToken) => RunAsync(parsed, cancellationToken));
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (speed, hosts) = (parsed.GetValue(_speed), parsed.GetValue(_hosts));
        var options = new DemoOptions
        {
            // A single host has nobody to go home to.
            Strategy = parsed.GetResult(_strategy) is null or { Implicit: true } && hosts % 2 != 0 ? DemoStrategy.InitiateFailback : parsed.GetValue(_strategy),
            Hosts = hosts,
            VirtualMachines = parsed.GetValue(_machines),
            Processes = parsed.GetValue(_processes),
            Kill = parsed.GetValue(_kill),
            Coordinators = parsed.GetValue(_coordinators),
            KillOwner = parsed.GetValue(_killOwner),
            Keep = parsed.GetValue(_keep),
            Seed = parsed.GetValue(_seed),
            Speed = speed > 0 ? speed : null,
        };
        Check(options);
        var environment = _context.Environment;
        return new DemoRun(options, new DemoTerminal(environment, parsed.GetValue(_context.Output)), environment.Time).RunAsync(cancellationToken);
    }

    private void Check(DemoOptions options)
    {
        if (options is { Strategy: DemoStrategy.HostToHost } && options.Hosts % 2 != 0)
        {
            throw new CommandException(
                ExitCode.Invalid, string.Create(CultureInfo.InvariantCulture, $"{_hosts.Name}: \"{options.Hosts}\" is not allowed with {_strategy.Name} host-to-host; expected an even number, for the hosts are pairs."));
        }

        if (options is { Kill: true, Strategy: DemoStrategy.InitiateFailback })
        {
            throw new CommandException(ExitCode.Invalid, $"{_kill.Name} is not allowed with {_strategy.Name} initiate-failback; it kills the coordinator while machines switch from host to host.");
        }

        if (options is { KillOwner: true, Coordinators: 1 })
        {
            throw new CommandException(ExitCode.Invalid, $"{_killOwner.Name} is not allowed with one coordinator; expected {_coordinators.Name} 2 to 5, so that another one can take over.");
        }

        if (options is { Kill: true, Coordinators: > 1 })
        {
            throw new CommandException(ExitCode.Invalid, $"{_kill.Name} is not allowed with several coordinators; {_killOwner.Name} kills the one at work.");
        }
    }
}

/// <summary>How the machines of a demo return.</summary>
internal enum DemoStrategy
{
    /// <summary>Between two hosts that replicate to each other with Windows' in-box provider.</summary>
    HostToHost,

    /// <summary>By the failback call of an external provider.</summary>
    InitiateFailback,
}

/// <summary>Options of a demo.</summary>
internal sealed record DemoOptions
{
    public required DemoStrategy Strategy { get; init; }

    /// <summary>Number of simulated hosts.</summary>
    public required int Hosts { get; init; }

    /// <summary>Virtual machines for each host.</summary>
    public required int VirtualMachines { get; init; }

    /// <summary>Whether every agent and the coordinator run in their own process.</summary>
    public required bool Processes { get; init; }

    /// <summary>Whether the coordinator is killed in the middle, and started again.</summary>
    public required bool Kill { get; init; }

    /// <summary>Number of coordinators.</summary>
    public int Coordinators { get; init; } = 1;

    /// <summary>Whether the coordinator at work is killed in the middle of each wave.</summary>
    public bool KillOwner { get; init; }

    /// <summary>Whether everything keeps running after the campaign.</summary>
    public required bool Keep { get; init; }

    /// <summary>Seed of the simulated estate.</summary>
    public required int Seed { get; init; }

    /// <summary>How many times faster than real time the hosts work; null for one at which the campaign takes less than a minute.</summary>
    public required double? Speed { get; init; }
}
