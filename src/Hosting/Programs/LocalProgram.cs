using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using HostAgent.Texts;

namespace HostAgent.Hosting.Programs;

/// <summary>
/// A program of the site's own, run without a shell: its arguments are fixed, what it needs is in its environment, and its exit code is its answer. Nothing that
/// comes from outside is ever part of a command line.
/// </summary>
/// <param name="Path">The program's file.</param>
/// <param name="Arguments">Its arguments, as the settings have them.</param>
public sealed record LocalProgram(string Path, IReadOnlyList<string> Arguments)
{
    private const int LongestOutput = 2048;

    // What a program has started may keep its output open after its end.
    private static readonly TimeSpan OutputAfterEnd = TimeSpan.FromSeconds(5);

    /// <summary>Runs the program to its end, or ends it and what it has started.</summary>
    /// <param name="variables">Its whole environment, besides PATH (and SystemRoot on Windows, which programs there do not start without).</param>
    /// <param name="deadline">After how long it is ended.</param>
    /// <param name="time">The clock of the deadline.</param>
    /// <param name="cancellationToken">Ends it too.</param>
    /// <returns>How it ended; without a code when it was not started or was ended.</returns>
    /// <exception cref="OperationCanceledException">It was ended because of the token.</exception>
    public async Task<ProgramEnd> RunAsync(IReadOnlyDictionary<string, string> variables, TimeSpan deadline, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(variables);
        ArgumentNullException.ThrowIfNull(time);
        using var late = new CancellationTokenSource(deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            using var process = Process.Start(StartOf(variables)) ?? throw new InvalidOperationException($"'{Path}' was not started.");
            var (output, error) = (new Tail(process.StandardOutput), new Tail(process.StandardError));
            try
            {
                process.StandardInput.Close();
                await process.WaitForExitAsync(either.Token);
                await Task.WhenAny(Task.WhenAll(output.Read, error.Read), Task.Delay(OutputAfterEnd, time, either.Token));
                return new ProgramEnd(process.ExitCode, Text(output, error));
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                cancellationToken.ThrowIfCancellationRequested();
                return new ProgramEnd(Code: null, $"it was ended, because it ran for {deadline.TotalSeconds:0} s{(Text(output, error) is { Length: > 0 } said ? $": {said}" : "")}");
            }
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException or IOException)
        {
            return new ProgramEnd(Code: null, $"it could not be run: {exception.Message}");
        }
    }

    private static string Text(Tail output, Tail error) => VisibleText.Line($"{output.Text} {error.Text}".Trim());

    private ProcessStartInfo StartOf(IReadOnlyDictionary<string, string> variables)
    {
        var start = new ProcessStartInfo(Path, Arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        foreach (var kept in (ReadOnlySpan<string>)["PATH", "SystemRoot"])
        {
            if (Environment.GetEnvironmentVariable(kept) is { } value)
            {
                start.Environment[kept] = value;
            }
        }

        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    // The last part of what a program says, whatever it says.
    private sealed class Tail
    {
        private readonly StringBuilder _tail = new();

        public Tail(StreamReader reader)
            => Read = ReadAsync(reader);

        /// <summary>Ends when the program and all that it has started have closed the stream.</summary>
        public Task Read { get; }

        public string Text
        {
            get
            {
                lock (_tail)
                {
                    return _tail.ToString().Trim();
                }
            }
        }

        private async Task ReadAsync(StreamReader reader)
        {
            try
            {
                var buffer = new char[1024];
                while (await reader.ReadAsync(buffer) is > 0 and var read)
                {
                    lock (_tail)
                    {
                        _tail.Append(buffer, 0, read);
                        _tail.Remove(0, Math.Max(0, _tail.Length - LongestOutput));
                    }
                }
            }
            catch (Exception exception) when (exception is ObjectDisposedException or IOException or InvalidOperationException)
            {
                // The process was ended and its streams with it: what was read until then is what there is.
            }
        }
    }
}

/// <summary>How a program ended.</summary>
/// <param name="Code">Its exit code; null when it was not started or was ended.</param>
/// <param name="Output">The last part of its output in one line, or why there is no code.</param>
public sealed record ProgramEnd(int? Code, string Output);
