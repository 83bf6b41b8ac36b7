using System.Reflection;
using HostAgent.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HostAgent.Hosting;

/// <summary>The shape of a server process: what its builder begins with, how it announces itself, and its exit codes.</summary>
public static class ServerApplication
{
    private const int Refused = 2;
    private const int Failed = 3;

    // A line for every request would bury the server's own lines. The first source, so that any other may ask for them.
    private static readonly Dictionary<string, string?> QuietFrameworks = new(StringComparer.Ordinal)
    {
        ["Logging:LogLevel:Microsoft.AspNetCore"] = nameof(LogLevel.Warning),
        ["Logging:LogLevel:Grpc"] = nameof(LogLevel.Warning),
        // The keys of the console stay in memory; a warning says that they could be written unencrypted.
        ["Logging:LogLevel:Microsoft.AspNetCore.DataProtection"] = nameof(LogLevel.Error),
    };

    /// <summary>
    /// Makes the builder of a server: settings from <c>appsettings.json</c> and the environment, logs on standard error, and the service control
    /// manager of Windows.
    /// </summary>
    /// <param name="program">The server's assembly.</param>
    /// <param name="serviceName">The name of the Windows service.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="StartException">The limit on open files is too low for any server.</exception>
    public static WebApplicationBuilder CreateBuilder(Assembly program, string serviceName)
    {
        ArgumentNullException.ThrowIfNull(program);
        // Before anything else is loaded: with too few descriptors not even the libraries can be opened.
        var errors = new List<string>();
        EdgeLimits.Default.WithConnections(null, string.Empty, errors);
        StartException.ThrowIfAny(errors);
        return Create(program, serviceName);
    }

    /// <summary>Prints <c>NAME listens on https://ADDRESS:PORT</c> on standard output once the server listens, its only line there.</summary>
    /// <param name="application">The server.</param>
    /// <param name="name">Its name.</param>
    public static void Announce(WebApplication application, string name)
    {
        ArgumentNullException.ThrowIfNull(application);
        Announce(application, () => application.Urls.Select(address => (name, address)));
    }

    /// <summary>The same for a server that listens in several places under several names.</summary>
    /// <param name="application">The server.</param>
    /// <param name="places">Each name with its address, asked once the server listens.</param>
    public static void Announce(WebApplication application, Func<IEnumerable<(string Name, string Address)>> places)
    {
        ArgumentNullException.ThrowIfNull(application);
        ArgumentNullException.ThrowIfNull(places);
        application.Lifetime.ApplicationStarted.Register(() =>
        {
            foreach (var (name, address) in places())
            {
                Console.Out.WriteLine($"{name} listens on {address}");
            }

            Console.Out.Flush();
        });
    }

    /// <summary>Runs a server until it is asked to stop. What prevents it from starting is printed on standard error.</summary>
    /// <param name="create">Builds the server.</param>
    /// <param name="refused">Called when the server could not be built, after the errors were printed; null for nothing.</param>
    /// <returns>The exit code: 0 after a normal end, 2 when the server could not start, 3 after <see cref="StopFailed"/>.</returns>
    public static async Task<int> RunAsync(Func<Task<WebApplication>> create, Action<StartException>? refused = null)
    {
        ArgumentNullException.ThrowIfNull(create);
        WebApplication? application = null;
        try
        {
            application = await create().ConfigureAwait(false);
            await application.RunAsync().ConfigureAwait(false);
            return Environment.ExitCode;
        }
        catch (StartException exception)
        {
            var code = await RefuseAsync(exception).ConfigureAwait(false);
            if (application is null)
            {
                refused?.Invoke(exception);
            }

            return code;
        }
        catch (IOException exception)
        {
            // Kestrel's exception for an address that cannot be listened on.
            return await RefuseAsync(new StartException([exception.Message], exception)).ConfigureAwait(false);
        }
        finally
        {
            if (application is not null)
            {
                await application.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Stops a server that cannot go on, so that what supervises it starts it again.</summary>
    /// <param name="lifetime">Of the server.</param>
    public static void StopFailed(IHostApplicationLifetime lifetime)
    {
        ArgumentNullException.ThrowIfNull(lifetime);
        Environment.ExitCode = Failed;
        lifetime.StopApplication();
    }

    /// <summary>Prints why a program cannot start on standard error, one line for each error.</summary>
    /// <param name="exception">The errors.</param>
    /// <returns>The exit code, 2.</returns>
    public static async Task<int> RefuseAsync(StartException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        foreach (var line in exception.Lines)
        {
            await Console.Error.WriteLineAsync(line).ConfigureAwait(false);
        }

        return Refused;
    }

    private static WebApplicationBuilder Create(Assembly program, string serviceName)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ApplicationName = program.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
            // Settings are read once. A watch on their files would take an inotify instance for each server of a process, of which there are 128.
            Args = ["--hostBuilder:reloadConfigOnChange=false"],
        });
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = QuietFrameworks });
        // Standard output is for the ready line alone.
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddVisibleLogs();
        // Does nothing unless the service control manager of Windows started the process.
        builder.Services.AddWindowsService(service => service.ServiceName = serviceName);
        return builder;
    }
}
