using System.Reflection;

namespace HostAgent.HyperV.Wine.Running;

/// <summary>
/// A Windows made on the spot in a directory of its own, with the bridge where the adapters look for it. Nothing outside the
/// directory is touched; it goes with everything that still runs in it.
/// </summary>
internal sealed class WinePrefix : IAsyncDisposable
{
    private const string Framework = @"C:\windows\Microsoft.NET\Framework64\";
    private const string FrameworkVersion = "v4.0.30319";

    // A Windows program that crashes ends with its exception's code. Only Wine itself dies of a signal, about once in a thousand runs, mostly while a process that has done its work is unloaded.
    private const int DiedOfSegmentationFault = 128 + 11;
    private const int MostRuns = 3;

    private static readonly TimeSpan SetUpPatience = TimeSpan.FromMinutes(3);

    private readonly string _directory;
    private readonly Dictionary<string, string> _environment;

    private WinePrefix(string directory)
    {
        _directory = directory;
        _environment = new Dictionary<string, string>
        {
            ["WINEPREFIX"] = Path.Combine(directory, "prefix"),
            ["WINEARCH"] = "win64",
            ["WINEDEBUG"] = "-all",
            ["WINEDLLOVERRIDES"] = "winemenubuilder.exe=d", // nothing for the desktop of whoever runs this
            ["DISPLAY"] = string.Empty,
            ["DOTNET_EnableWriteXorExecute"] = "0", // with it the runtime's finalizer thread dies under Wine 8
        };
    }

    /// <summary>Makes it: about ten seconds and 700 MB.</summary>
    public static async Task<WinePrefix> CreateAsync()
    {
        var prefix = new WinePrefix(Directory.CreateTempSubdirectory("hyperv-wine-").FullName);
        try
        {
            await prefix.SetUpAsync();
            return prefix;
        }
        catch
        {
            await prefix.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a Windows program.</summary>
    /// <param name="program">Its path here.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="patience">How long it may take.</param>
    /// <returns>How it ended. A run that Wine did not survive is made again.</returns>
    public async Task<ToolRun> RunAsync(string program, IReadOnlyList<string> arguments, TimeSpan patience)
    {
        for (var run = 1; ; run++)
        {
            var ended = await ToolRun.StartAsync(WineTools.Wine, [program, .. arguments], _environment, patience);
            if (ended.ExitCode != DiedOfSegmentationFault || run == MostRuns)
            {
                return ended;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Ends what runs in this prefix and nothing else; it fails when nothing does.
        await ToolRun.StartAsync(WineTools.Server, ["-k"], _environment, SetUpPatience);
        Directory.Delete(_directory, recursive: true);
    }

    private async Task SetUpAsync()
    {
        // One server for all programs, until it is ended with the prefix: by itself it goes soon after the last one, and a program that starts just then ends at once.
        Directory.CreateDirectory(_environment["WINEPREFIX"]);
        (await ToolRun.StartAsync(WineTools.Server, ["--persistent"], _environment, SetUpPatience)).Require("Starting Wine's server");
        (await RunAsync("wineboot", ["--init"], SetUpPatience)).Require("Making the prefix");
        (await RunAsync("reg", ["add", @"HKLM\SOFTWARE\Microsoft\.NETFramework", "/v", "InstallRoot", "/d", Framework, "/f"], SetUpPatience))
            .Require("Telling System.Management where to look");

        var windows = Path.Combine(_environment["WINEPREFIX"], "drive_c", "windows");
        await CompileAsync("wminet_utils", Path.Combine(windows, "Microsoft.NET", "Framework64", FrameworkVersion));
        await CompileAsync("mi", Path.Combine(windows, "system32"));
    }

    private async Task CompileAsync(string library, string place)
    {
        Directory.CreateDirectory(place);
        var sources = Path.Combine(typeof(WinePrefix).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "Bridge").Value!, library);
        (await ToolRun.StartAsync(
            WineTools.Compiler,
            [
                "-shared", "-O2", "-Wall", "-Wextra", "-Werror", "-o", Path.Combine(place, $"{library}.dll"),
                .. Directory.GetFiles(sources, "*.c"), Path.Combine(sources, $"{library}.def"), "-lole32", "-loleaut32", "-luuid",
            ],
            _environment,
            SetUpPatience)).Require($"Compiling {library}");
    }
}
