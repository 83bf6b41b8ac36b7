using System.CommandLine;
using System.Globalization;
using HostAgent.Cli;
using HostAgent.Cli.Commands;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Simulation;
using HostAgent.HyperV.Simulation.Engine;
using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.Failback.Estates;

/// <summary>failback estate: about the documents of simulated hosts, and what happens to hosts that agents run on.</summary>
internal static class EstateCommands
{
    public static Command Create(CommandContext context) => new("estate", "Describe the estates of simulated hosts, and break or compare their pairs.")
    {
        new EstateSchemaCommand(context),
        new PairCommand(context, "cut-link", "Cut the link of a host's pair: nothing reaches that host, or with --both either one.", (pair, host, both) => pair.CutLink(both ? null : host)),
        new PairCommand(context, "restore-link", "Restore the link of a host's pair, towards that host, or with --both towards either one.", (pair, host, both) => pair.RestoreLink(both ? null : host)),
        new PairCommand(context, "fail-power", "Take a host's power away: its machines stop, and every call on it fails.", (pair, host, _) => HostOf(pair, host).FailPower()),
        new PairCommand(context, "return-power", "Return a host's power.", (pair, host, _) => HostOf(pair, host).ReturnPower()),
        new PairCommand(context, "restart-management", "Restart a host's management service: its jobs are gone, all states are kept.", (pair, host, _) => HostOf(pair, host).RestartManagementService()),
        new ComparePairsCommand(context),
    };

    private static SimulatedHost HostOf(SimulatedPair pair, string host)
        => string.Equals(pair.First.Description.Name, host, StringComparison.OrdinalIgnoreCase) ? pair.First : pair.Second;

    private sealed class EstateSchemaCommand : Command
    {
        public EstateSchemaCommand(CommandContext context)
            : base("schema", "Print the JSON Schema (2020-12) of an estate's document, for editors.")
            => SetAction(_ =>
            {
                context.Environment.Output.Write(EstateDocument.DescribeSchema());
                return ExitCode.Success;
            });
    }
}

/// <summary>Opens pairs beside the agents that serve them.</summary>
internal static class OpenPairs
{
    /// <summary>Opens a pair that has been served before.</summary>
    /// <exception cref="CommandException">It has not, or it cannot be opened.</exception>
    public static async Task<SimulatedPair> OpenAsync(Estate estate, string document, SimulatedPairDescription pair, TimeProvider time, CancellationToken cancellationToken)
    {
        var directory = estate.StateDirectoryOf(document);
        if (!File.Exists(Path.Combine(directory, $"{pair.Home}--{pair.Recovery}.link")))
        {
            throw new CommandException(ExitCode.Failed, $"{directory} has no state of {pair.Home} and {pair.Recovery}: no agent has served either of them yet.");
        }

        try
        {
            return await SimulatedPair.OpenAsync(estate, pair, new SimulationOptions { PairDirectory = directory }, time, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Failed, exception.Message);
        }
    }
}

/// <summary>Does something to a host of a pair, or to its link.</summary>
internal sealed class PairCommand : Command
{
    private readonly Argument<string> _estate = EstateFile.Argument();
    private readonly Option<string> _host = new("--host") { HelpName = "NAME", Required = true, Description = "A host of one of the estate's pairs." };
    private readonly Option<bool> _both = new("--both") { Description = "The link in both directions." };

    public PairCommand(CommandContext context, string name, string description, Action<SimulatedPair, string, bool> act)
        : base(name, description)
    {
        Add(_estate);
        Add(_host);
        var isOfLink = name.EndsWith("-link", StringComparison.Ordinal);
        if (isOfLink)
        {
            Add(_both);
        }

        SetAction(async (parsed, cancellationToken) =>
        {
            var path = parsed.GetRequiredValue(_estate);
            var host = parsed.GetRequiredValue(_host);
            var estate = await EstateFile.ReadAsync(path, cancellationToken);
            var pair = estate.FindPair(host) ?? throw new CommandException(
                ExitCode.Invalid, $"--host: \"{host}\" is not allowed; expected a host of a pair: {string.Join(", ", estate.Pairs.SelectMany(one => new[] { one.Home, one.Recovery }))}.");
            await using var open = await OpenPairs.OpenAsync(estate, path, pair, context.Environment.Time, cancellationToken);
            try
            {
                act(open, host, isOfLink && parsed.GetValue(_both));
            }
            catch (CimException exception)
            {
                throw new CommandException(ExitCode.Failed, exception.Message);
            }

            return ExitCode.Success;
        });
    }
}

/// <summary>failback estate compare: where each machine of each pair runs, and what each side has.</summary>
internal sealed class ComparePairsCommand : Command
{
    private readonly Argument<string> _estate = EstateFile.Argument();

    public ComparePairsCommand(CommandContext context)
        : base("compare", "Show for each machine of each pair where it runs, how long it has run on both hosts at once, and how much of what was written each side lacks.")
    {
        Add(_estate);
        SetAction(async (parsed, cancellationToken) =>
        {
            var path = parsed.GetRequiredValue(_estate);
            var estate = await EstateFile.ReadAsync(path, cancellationToken);
            var twice = false;
            foreach (var description in estate.Pairs)
            {
                await using var pair = await OpenPairs.OpenAsync(estate, path, description, context.Environment.Time, cancellationToken);
                foreach (var machine in pair.Second.Description.VirtualMachines.IntersectBy(pair.First.Description.VirtualMachines.Select(machine => machine.Id), machine => machine.Id))
                {
                    var content = pair.Compare(machine.Id);
                    twice |= content.BothRan > TimeSpan.Zero;
                    await context.Environment.Output.WriteLineAsync(Line(description, machine, content));
                }
            }

            return twice ? ExitCode.Failed : ExitCode.Success;
        });
    }

    private static string Line(SimulatedPairDescription pair, SimulatedVirtualMachineDescription machine, PairContent content)
    {
        var runs = (content.FirstRuns, content.SecondRuns) switch
        {
            (true, true) => "both",
            (true, false) => pair.Home,
            (false, true) => pair.Recovery,
            _ => "neither",
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{machine.Name} {machine.Id:D}: runs on {runs}; both ran for {content.BothRan.TotalSeconds:0.###} s; {Side(pair.Home, content.FirstLacks, content.FirstIsMixed)}; {Side(pair.Recovery, content.SecondLacks, content.SecondIsMixed)}");
    }

    private static string Side(string host, TimeSpan lacks, bool isMixed)
        => string.Create(CultureInfo.InvariantCulture, $"{host} lacks {lacks.TotalSeconds:0.###} s of writes{(isMixed ? " and is mixed" : string.Empty)}");
}
