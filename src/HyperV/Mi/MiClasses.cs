using System.Collections.Concurrent;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Wmi;

namespace HostAgent.HyperV.Mi;

/// <summary>The declarations of a namespace's classes, each read once and kept as long as the session.</summary>
internal sealed class MiClasses(WmiSessionOptions options, string namespaceName)
{
    private readonly ConcurrentDictionary<string, MiClassDeclaration> _classes = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A method as its class declares it.</summary>
    /// <exception cref="CimException">The class does not have it.</exception>
    public CimMethod MethodOf(MiSession session, string className, string methodName, CancellationToken end)
        => DeclarationOf(session, className, end).Methods.GetValueOrDefault(methodName)
            ?? throw new CimException(CimErrorCode.MethodNotImplemented, $"{className} has no method {methodName}.");

    /// <summary>The declaration; without keys and methods for a class that the namespace does not have.</summary>
    public MiClassDeclaration KnownClass(MiSession session, string className, CancellationToken end)
    {
        try
        {
            return DeclarationOf(session, className, end);
        }
        catch (CimException exception) when (exception.ErrorCode is CimErrorCode.NotFound or CimErrorCode.InvalidClass)
        {
            return _classes.GetOrAdd(className, MiClassDeclaration.Unknown);
        }
    }

    private unsafe MiClassDeclaration DeclarationOf(MiSession session, string className, CancellationToken end)
    {
        if (_classes.TryGetValue(className, out var known))
        {
            return known;
        }

        MiClassDeclaration? declared = null;
        var call = $"Reading the class {className}";
        MiOperation.Run(
            call, session, MiOperation.Kind.Classes, options.CallTimeout,
            (table, handle, settings, operation) =>
            {
                fixed (char* home = namespaceName, name = className)
                {
                    table->GetClass(handle, 0, settings, home, name, null, operation);
                }
            },
            item => declared = MiClassDeclaration.Copy((MiObject*)item),
            end);
        return _classes.GetOrAdd(className, declared ?? throw new CimException(CimErrorCode.InvalidClass, $"{call} brought no class."));
    }
}
