using System.Collections.Concurrent;
using System.Management;
using System.Runtime.Versioning;
using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Wmi;

/// <summary>
/// The objects that carry the arguments of methods. To ask a class for one leaves the method's declarations to the garbage collector, so
/// they are kept and used again: for each method as many as were in use at once.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class MethodInputs
{
    private readonly ConcurrentDictionary<string, ConcurrentBag<Inputs>> _idle = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads the declaration of a method, which fails when the class does not have it.</summary>
    public void Require(WmiConnection connection, ManagementScope scope, string className, string methodName)
    {
        IdleOf(className, methodName).Add(Read(connection, scope, className, methodName));
    }

    /// <summary>Invokes a method with arguments.</summary>
    /// <exception cref="CimException">The method does not declare one of the arguments.</exception>
    public T Use<T>(
        WmiConnection connection, ManagementScope scope, string className, string methodName, Dictionary<string, object?> arguments, Func<ManagementBaseObject?, T> invoke)
    {
        var idle = IdleOf(className, methodName);
        if (!idle.TryTake(out var inputs))
        {
            inputs = Read(connection, scope, className, methodName);
        }

        var before = new Dictionary<string, object?>();
        var isClean = false;
        try
        {
            if (arguments.Keys.FirstOrDefault(name => !inputs.Names.Contains(name)) is { } unknown)
            {
                throw new CimException(CimErrorCode.InvalidParameter, $"{className}.{methodName} has no input {unknown}.");
            }

            foreach (var (name, value) in arguments)
            {
                before[name] = inputs.Carrier![name];
                inputs.Carrier[name] = value;
            }

            var result = invoke(inputs.Carrier);
            isClean = TryRestore(inputs.Carrier, before);
            return result;
        }
        finally
        {
            if (isClean)
            {
                idle.Add(inputs);
            }
            else
            {
                WmiObjects.Release(inputs.Carrier);
            }
        }
    }

    private static Inputs Read(WmiConnection connection, ManagementScope scope, string className, string methodName)
    {
        using var called = WmiObjects.Hold(connection.Class(scope, new CimObjectPath(className, [])));
        var carrier = called.Item.GetMethodParameters(methodName);
        return new Inputs(carrier, carrier is null ? [] : carrier.Properties.Cast<PropertyData>().Select(property => property.Name).ToHashSet(StringComparer.OrdinalIgnoreCase));
    }

    // The method has been called: its answer must not be lost because its inputs cannot be used again.
    private static bool TryRestore(ManagementBaseObject? carrier, Dictionary<string, object?> before)
    {
        try
        {
            foreach (var (name, value) in before)
            {
                carrier![name] = value;
            }

            return true;
        }
        catch (Exception exception) when (WmiFailures.IsKnown(exception))
        {
            return false;
        }
    }

    private ConcurrentBag<Inputs> IdleOf(string className, string methodName) => _idle.GetOrAdd($"{className}.{methodName}", _ => []);

    // A method without inputs has nothing that carries them.
    private sealed record Inputs(ManagementBaseObject? Carrier, HashSet<string> Names);
}
