using System.Globalization;
using System.Reflection;

namespace HostAgent.HyperV.Wine.Harness.Running;

/// <summary>One fact, or one row of a theory.</summary>
/// <param name="Type">The class that it stands in.</param>
/// <param name="Method">The method that it is.</param>
/// <param name="Arguments">What the method is given.</param>
internal sealed record Case(Type Type, MethodInfo Method, object?[] Arguments)
{
    /// <summary>The method's name, and what it is given.</summary>
    public string Name => Arguments.Length == 0 ? Method.Name : $"{Method.Name}({string.Join(", ", Arguments.Select(Text))})";

    /// <summary>The cases of a class, in the order of their names.</summary>
    public static IEnumerable<Case> Of(Type type) =>
        from method in type.GetMethods()
        where method.GetCustomAttribute<FactAttribute>() is not null
        orderby method.Name
        let rows = method.GetCustomAttributes<InlineDataAttribute>().Select(row => row.Data)
        from row in rows.Any() ? rows : [[]]
        select new Case(type, method, row);

    /// <summary>Runs it on an instance of its own.</summary>
    public async Task RunAsync()
    {
        var instance = Activator.CreateInstance(Type)!;
        try
        {
            if (instance is IAsyncLifetime lifetime)
            {
                await lifetime.InitializeAsync();
            }

            if (Method.Invoke(instance, BindingFlags.DoNotWrapExceptions, binder: null, Arguments, culture: null) is Task task)
            {
                await task;
            }
        }
        finally
        {
            if (instance is IAsyncDisposable disposable)
            {
                await disposable.DisposeAsync();
            }
        }
    }

    private static string Text(object? argument)
        => argument is uint code ? $"0x{code:X8}" : Convert.ToString(argument, CultureInfo.InvariantCulture) ?? "null";
}
