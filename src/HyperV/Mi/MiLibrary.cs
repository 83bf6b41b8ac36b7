using System.Runtime.InteropServices;
using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Mi;

/// <summary>
/// Windows' own mi.dll (Windows 8, Server 2012 and later), loaded when it is first needed and never unloaded: the library keeps threads. One
/// application serves the whole process, as the library wants it.
/// </summary>
internal sealed unsafe class MiLibrary
{
    private static readonly Lazy<MiLibrary> Process = new(() => new MiLibrary());

    // The library knows the application by its address.
    private readonly MiHandle* _application;

    private MiLibrary()
    {
        var path = Path.Combine(Environment.SystemDirectory, "mi.dll");
        WhyNot = !OperatingSystem.IsWindows() ? "this is not Windows"
            : !Environment.Is64BitProcess ? "this is a 32-bit process, and the library is bound in its 64-bit layout"
            : Open(path, out _application);
    }

    /// <summary>Why the library cannot be used, as a clause; null when it can.</summary>
    public string? WhyNot { get; }

    /// <summary>Loads the library, if that was not done before.</summary>
    public static MiLibrary Load() => Process.Value;

    /// <summary>Makes a session. It connects to nothing yet.</summary>
    /// <param name="server">The host; <c>.</c> is the local one.</param>
    /// <param name="session">Where the session is put.</param>
    /// <exception cref="CimException">The library refuses, or is not there.</exception>
    public void NewSession(string server, MiHandle* session)
    {
        if (WhyNot is not null)
        {
            throw new CimException(CimErrorCode.Failed, $"The Management Infrastructure cannot be used: {WhyNot}.");
        }

        MiObject* details = null;
        var isLocal = server == ".";
        fixed (char* protocol = isLocal ? null : MiConstants.Dcom, destination = isLocal ? null : server)
        {
            var result = Table->NewSession(_application, protocol, destination, null, null, &details, session);
            if (result is not MiResult.Ok)
            {
                var failure = MiFailures.Read("Opening a session", result, null, details);
                if (details is not null)
                {
                    MiInstances.Delete(details);
                }

                throw failure;
            }
        }
    }

    /// <summary>Makes an instance without a declaration; the caller deletes it.</summary>
    public MiObject* NewInstance(string className)
    {
        MiObject* instance;
        fixed (char* name = className)
        {
            MiFailures.Require($"Making a {className}", Table->NewInstance(_application, name, null, &instance));
        }

        return instance;
    }

    /// <summary>Makes the options of a call; the caller deletes them by <see cref="DeleteOptions"/>.</summary>
    /// <param name="timeout">After how long the library itself gives the call up.</param>
    /// <param name="options">Where the options are put.</param>
    public void NewOptions(TimeSpan timeout, MiHandle* options)
    {
        MiFailures.Require("Making options", Table->NewOperationOptions(_application, 0, options));
        var interval = new MiInterval
        {
            Days = (uint)timeout.Days,
            Hours = (uint)timeout.Hours,
            Minutes = (uint)timeout.Minutes,
            Seconds = (uint)timeout.Seconds,
            Microseconds = (uint)(timeout.Milliseconds * 1000),
        };
        fixed (char* name = MiConstants.TimeoutOption)
        {
            var result = ((MiOperationOptionsTable*)options->Table)->SetInterval(options, name, &interval, 0);
            if (result is not MiResult.Ok)
            {
                DeleteOptions(options);
                MiFailures.Require("Setting the timeout of a call", result);
            }
        }
    }

    /// <summary>Deletes the options of a call that has ended.</summary>
    public static void DeleteOptions(MiHandle* options) => ((MiOperationOptionsTable*)options->Table)->Delete(options);

    private MiApplicationTable* Table => (MiApplicationTable*)_application->Table;

    private static string? Open(string path, out MiHandle* application)
    {
        application = null;
        if (!NativeLibrary.TryLoad(path, out var library))
        {
            return $"'{path}' cannot be loaded: it exists on Windows 8, Windows Server 2012 and later";
        }

        if (!NativeLibrary.TryGetExport(library, "MI_Application_InitializeV1", out var export))
        {
            return $"'{path}' does not have MI_Application_InitializeV1";
        }

        application = (MiHandle*)NativeMemory.AllocZeroed((nuint)sizeof(MiHandle));
        MiObject* details = null;
        var result = ((delegate* unmanaged<uint, char*, MiObject**, MiHandle*, MiResult>)export)(0, null, &details, application);
        return result is MiResult.Ok ? null : $"'{path}' cannot be initialised: {MiFailures.Read("MI_Application_Initialize", result, null, details).Message}";
    }
}
