using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using HostAgent.Benchmarks.Comparison;
using HostAgent.Benchmarks.Gates;

namespace HostAgent.Benchmarks.Instructions;

/// <summary>
/// The command <c>instructions</c>: fails when an operation takes more, or fewer, instructions of a processor than is stored. Valgrind executes and counts them, on any machine and under any load. A
/// process that makes an operation N times is compared with one that makes it 2N times: what is left is the operation, without the start of the process and the compiler.
/// </summary>
internal static class InstructionsCommand
{
    private const string Total = "summary: ";

    // Everything is compiled once and fully, no page is writable and executable, and the garbage of an operation is collected when the same amount of it has come together.
    private static readonly Dictionary<string, string> Runtime = new(StringComparer.Ordinal)
    {
        ["DOTNET_TieredCompilation"] = "0",
        ["DOTNET_EnableWriteXorExecute"] = "0",
        ["DOTNET_gcConcurrent"] = "0",
        ["DOTNET_GCgen0size"] = "1000000",
    };

    public static Command Create()
    {
        var store = new Option<bool>("--store") { Description = "Store what is counted, for this kind of build, instead of comparing it." };
        var command = new Command("instructions", "Compares how many instructions operations take with the stored figures, counted by Valgrind's callgrind, on any machine. Takes minutes.") { store };
        command.SetAction(async (result, cancellation) =>
        {
            try
            {
                return await RunAsync(result.GetValue(store), cancellation);
            }
            catch (ComparisonException exception)
            {
                await Console.Error.WriteLineAsync(exception.Message);
                return exception.ExitCode;
            }
        });
        return command;
    }

    /// <summary>The total of a callgrind output file.</summary>
    /// <exception cref="FormatException">The file has none.</exception>
    public static long TotalOf(IEnumerable<string> lines)
        => lines.FirstOrDefault(line => line.StartsWith(Total, StringComparison.Ordinal)) is { } line && long.TryParse(line[Total.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var total)
            ? total
            : throw new FormatException("The output of callgrind has no line 'summary: N'.");

    private static async Task<int> RunAsync(bool store, CancellationToken cancellation)
    {
        var gate = new Gate(GateMeasure.Instructions, Path.Combine(ThisBuild.ProjectDirectory, "Instructions", "stored.json"));
        var measured = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (name, (least, _)) in CountedOperations.All)
        {
            var (once, twice) = (await CountAsync(name, least, cancellation), await CountAsync(name, 2 * least, cancellation));
            measured[name] = Math.Round((double)(twice - once) / least);
        }

        if (store)
        {
            await gate.StoreAsync(measured, cancellation);
            return 0;
        }

        return await gate.CompareAsync(measured, cancellation);
    }

    private static async Task<long> CountAsync(string name, int times, CancellationToken cancellation)
    {
        var output = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo("valgrind",
            [
                "--tool=callgrind", $"--callgrind-out-file={output}", "--smc-check=all-non-file", "--quiet",
                ThisBuild.Program, CountedOperations.Command, name, times.ToString(CultureInfo.InvariantCulture),
            ]);
            foreach (var (variable, value) in Runtime)
            {
                start.Environment[variable] = value;
            }

            var end = await ChildProgram.RunAsync(start, errors: null, cancellation);
            return end.ExitCode == 0
                ? TotalOf(File.ReadLines(output))
                : throw new ComparisonException($"'{name}' under Valgrind ended with exit code {end.ExitCode.ToString(CultureInfo.InvariantCulture)}: {end.Errors.Trim()}", exitCode: 1);
        }
        finally
        {
            File.Delete(output);
        }
    }
}
