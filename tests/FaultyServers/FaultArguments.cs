using System.Globalization;

namespace HostAgent.FaultyServers;

/// <summary>Where a process ends itself.</summary>
/// <param name="Name">The point.</param>
/// <param name="Arrivals">How often it is reached, from 1.</param>
internal sealed record KillPoint(string Name, int Arrivals);

/// <summary>The command line: the fault, and the server with its own arguments.</summary>
/// <param name="KillAt">Where the process ends itself; null for nowhere.</param>
/// <param name="Flaw">The planted bug; null for none.</param>
/// <param name="Clock">The file that sets the clock, in the server's data directory; null for the system's clock.</param>
/// <param name="Silence">The file that silences an agent's host while it is there, in its data directory; null for a host that answers.</param>
/// <param name="Verb">run-agent or run-coordinator.</param>
/// <param name="Arguments">The server's arguments.</param>
internal sealed record FaultArguments(KillPoint? KillAt, string? Flaw, string? Clock, string? Silence, string Verb, IReadOnlyList<string> Arguments)
{
    /// <summary>Reads the command line.</summary>
    /// <exception cref="ArgumentException">It is not one.</exception>
    public static FaultArguments Parse(IReadOnlyList<string> args)
    {
        KillPoint? killAt = null;
        string? flaw = null, clock = null, silence = null;
        var index = 0;
        for (; index + 1 < args.Count && args[index] != "--"; index += 2)
        {
            switch (args[index])
            {
                case "--kill-at" when args[index + 1].Split(':') is [var name, var number] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var arrivals) && arrivals > 0:
                    killAt = new KillPoint(name, arrivals);
                    break;
                case "--flaw":
                    flaw = args[index + 1];
                    break;
                case "--clock":
                    clock = args[index + 1];
                    break;
                case "--silence":
                    silence = args[index + 1];
                    break;
                default:
                    throw new ArgumentException($"'{args[index]} {args[index + 1]}' is not a fault; allowed are --kill-at POINT:N, --flaw NAME, --clock FILE and --silence FILE.");
            }
        }

        return index + 1 < args.Count
            ? new FaultArguments(killAt, flaw, clock, silence, args[index + 1], [.. args.Skip(index + 2)])
            : throw new ArgumentException("The server is missing: -- run-agent|run-coordinator ARGUMENTS.");
    }

    /// <summary>The clock of the process.</summary>
    public TimeProvider Time => Clock is null ? TimeProvider.System : new SetClock(Path.Combine(Require("--data"), Clock));

    /// <summary>The value of one of the server's switches.</summary>
    /// <exception cref="ArgumentException">It is not there.</exception>
    public string Require(string name)
    {
        var at = Arguments.ToList().IndexOf(name);
        return at >= 0 && at + 1 < Arguments.Count ? Arguments[at + 1] : throw new ArgumentException($"{name} is missing among the arguments of {Verb}.");
    }
}
