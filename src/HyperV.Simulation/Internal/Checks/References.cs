using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Simulation.Internal.Model;
using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Checks;

/// <summary>Follows the references among a method's arguments: paths, or texts of them.</summary>
internal static class References
{
    /// <summary>The path an argument holds, or null where it is missing or no path.</summary>
    public static CimObjectPath? Path(object? argument)
    {
        if (argument is not string text)
        {
            return argument as CimObjectPath;
        }

        try
        {
            return CimObjectPath.Parse(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>The object an argument leads to, or null where it leads nowhere or to something else.</summary>
    public static T? Find<T>(HostWorld world, ObjectModel model, object? argument)
        where T : class
    {
        try
        {
            return Path(argument) is { } path ? model.Resolve(world, path) as T : null;
        }
        catch (CimException)
        {
            // A path into another namespace or class: not what was asked for, whatever it is.
            return null;
        }
    }
}
