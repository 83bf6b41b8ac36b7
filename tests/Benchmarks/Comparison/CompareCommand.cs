using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace HostAgent.Benchmarks.Comparison;

/// <summary>
/// The command <c>compare</c>: runs one benchmark of another commit and of this build in turns. Numbers of different days differ by what the machine does;
/// those of neighbouring minutes hardly do.
/// </summary>
internal static class CompareCommand
{
    private const int MostRounds = 100;

    public static Command Create()
    {
        var commit = new Argument<string>("commit") { Description = "The former commit: a hash, a branch or a tag. It is built in a temporary worktree." };
        var benchmark = new Argument<string>("benchmark") { Description = "Any benchmark that both commits have and that takes --output json." };
        var arguments = new Argument<string[]>("arguments") { Description = "Further arguments of the benchmark, after --.", Arity = ArgumentArity.ZeroOrMore };
        var rounds = new Option<int>("--rounds") { Description = $"How many times each is run, 1 to {MostRounds}; who is first changes with every round.", DefaultValueFactory = _ => 4 };
        var quick = new Option<bool>("--quick") { Description = "Show that everything runs. The numbers mean nothing." };
        var command = new Command("compare", "Runs a benchmark of another commit and of this build in turns, and compares every figure. Takes a build and twice the benchmark's time for each round.") { commit, benchmark, arguments, rounds, quick };
        command.SetAction(async (result, cancellation) =>
        {
            try
            {
                var known = Comparable(result.RootCommandResult.Command);
                var name = result.GetValue(benchmark)!;
                if (!known.Contains(name, StringComparer.Ordinal))
                {
                    throw new ComparisonException($"'{name}' is no benchmark that can be compared. These can: {string.Join(", ", known)}.", exitCode: 2);
                }

                if (result.GetValue(rounds) is var count and not (>= 1 and <= MostRounds))
                {
                    throw new ComparisonException(string.Create(CultureInfo.InvariantCulture, $"--rounds is {count}; it must be 1 to {MostRounds}."), exitCode: 2);
                }

                IReadOnlyList<string> all = [name, .. result.GetValue(arguments) ?? [], .. result.GetValue(quick) ? ["--quick"] : Array.Empty<string>(), "--output", "json"];
                Console.Out.Write(await RunAsync(result.GetValue(commit)!, all, result.GetValue(rounds), Console.Error, cancellation));
                return 0;
            }
            catch (ComparisonException exception)
            {
                await Console.Error.WriteLineAsync(exception.Message.AsMemory(), CancellationToken.None);
                return exception.ExitCode;
            }
        });
        return command;
    }

    /// <summary>Who runs when. The machine may become busier, or less so, all the time: neither is always first.</summary>
    /// <returns>For every run whether it is the former commit's: A B B A A B …</returns>
    public static IEnumerable<bool> Turns(int rounds) => Enumerable.Range(0, rounds).SelectMany(round => round % 2 == 0 ? (bool[])[true, false] : [false, true]);

    private static IReadOnlyList<string> Comparable(Command root) => [.. root.Subcommands.Where(command => command.Options.Any(option => option.Name == "--output")).Select(command => command.Name)];

    private static async Task<string> RunAsync(string name, IReadOnlyList<string> arguments, int rounds, TextWriter progress, CancellationToken cancellation)
    {
        var commit = await FormerBuild.FindAsync(name, cancellation);
        await progress.WriteLineAsync($"building the benchmarks of {name} ({commit})".AsMemory(), cancellation);
        await using var build = await FormerBuild.CheckOutAsync(commit, cancellation);
        var program = await build.BuildAsync(cancellation);
        var machine = Machine.Now();
        var (former, now) = (new List<JsonElement>(), new List<JsonElement>());
        foreach (var isFormer in Turns(rounds))
        {
            var reports = isFormer ? former : now;
            await progress.WriteLineAsync($"round {reports.Count + 1} of {rounds}: {(isFormer ? "the former commit" : "this build")}".AsMemory(), cancellation);
            reports.Add(await ReportAsync(isFormer ? program : ThisBuild.Program, arguments, build.Scratch, progress, cancellation));
        }

        return string.Create(CultureInfo.InvariantCulture, $"{arguments[0]}, {ThisBuild.Configuration}: former is {name} ({commit[..12]}), now is this build; medians of {rounds} rounds with the lowest and the highest. {machine}.\n\n")
            + ComparisonReport.Of(former, now).ToText();
    }

    private static async Task<JsonElement> ReportAsync(string program, IReadOnlyList<string> arguments, string scratch, TextWriter progress, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program, arguments);
        foreach (var variable in (ReadOnlySpan<string>)["TMPDIR", "TEMP", "TMP"])
        {
            start.Environment[variable] = scratch;
        }

        var end = await ChildProgram.RunAsync(start, progress, cancellation);
        try
        {
            return end.ExitCode == 0 ? JsonElement.Parse(end.Output) : throw new ComparisonException($"'{program} {string.Join(' ', arguments)}' ended with exit code {end.ExitCode}.", exitCode: 1);
        }
        catch (JsonException exception)
        {
            throw new ComparisonException($"'{program} {string.Join(' ', arguments)}' wrote no report: {exception.Message}", exitCode: 1);
        }
    }
}
