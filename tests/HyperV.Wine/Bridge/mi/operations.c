/* Operations: a thread works for each, and the caller asks for its results. */
#include "mi.h"

typedef struct Item {
    struct Item *next;
    Instance *instance;
    Class *class_object;
    BOOL last;
    HRESULT code;
    Instance *details;
} Item;

struct Operation {
    CRITICAL_SECTION lock;
    CONDITION_VARIABLE changed;
    LONG users; /* the handle and the thread */
    Session *session;
    int kind;
    WCHAR *space, *class_name, *text;
    Instance *keys, *parameters;
    DWORD timeout;
    Item *first, **end;
    Item *current;
    BOOL cancelled, ended;
};

static void free_item(Item *item)
{
    if (!item)
        return;
    if (item->instance)
        delete_instance(item->instance);
    if (item->class_object)
        delete_class(item->class_object);
    if (item->details)
        delete_instance(item->details);
    release(item);
}

static void leave_operation(Operation *operation)
{
    Session *session = operation->session;
    if (InterlockedDecrement(&operation->users))
        return;
    free_item(operation->current);
    while (operation->first) {
        Item *next = operation->first->next;
        free_item(operation->first);
        operation->first = next;
    }
    release(operation->space);
    release(operation->class_name);
    release(operation->text);
    if (operation->keys)
        delete_instance(operation->keys);
    if (operation->parameters)
        delete_instance(operation->parameters);
    DeleteCriticalSection(&operation->lock);
    release(operation);
    InterlockedDecrement(&alive[2]);
    leave_session(session);
}

static BOOL is_cancelled(Operation *operation)
{
    BOOL cancelled;
    EnterCriticalSection(&operation->lock);
    cancelled = operation->cancelled;
    LeaveCriticalSection(&operation->lock);
    return cancelled;
}

static Item *new_item(Instance *instance, Class *class_object, BOOL last, HRESULT code)
{
    Item *item = allocate(sizeof(Item));
    item->instance = instance, item->class_object = class_object, item->last = last, item->code = code;
    return item;
}

static void push(Operation *operation, Item *item)
{
    EnterCriticalSection(&operation->lock);
    *operation->end = item;
    operation->end = &item->next;
    WakeAllConditionVariable(&operation->changed);
    LeaveCriticalSection(&operation->lock);
}

/* What comes between two rows is an error here, whether it is one for COM or not. */
static HRESULT push_rows(Operation *operation, IEnumWbemClassObject *rows)
{
    while (!is_cancelled(operation)) {
        IWbemClassObject *row;
        ULONG count = 0;
        HRESULT result = IEnumWbemClassObject_Next(rows, WBEM_INFINITE, 1, &row, &count);
        if (result != S_OK)
            return result == WBEM_S_FALSE ? S_OK : result;
        push(operation, new_item(read_object(row, FALSE, NULL), NULL, FALSE, S_OK));
        IWbemClassObject_Release(row);
    }
    return S_OK;
}

static HRESULT push_events(Operation *operation, IEnumWbemClassObject *events)
{
    while (!is_cancelled(operation)) {
        IWbemClassObject *event;
        ULONG count = 0;
        HRESULT result = IEnumWbemClassObject_Next(events, 100, 1, &event, &count);
        if (result == WBEM_S_TIMEDOUT)
            continue;
        if (result != S_OK)
            return result;
        push(operation, new_item(read_object(event, TRUE, L""), NULL, FALSE, S_OK));
        IWbemClassObject_Release(event);
    }
    return S_OK;
}

static HRESULT fill_inputs(const Instance *parameters, IWbemClassObject *inputs)
{
    for (DWORD i = 0; i < parameters->count; i++) {
        const Element *argument = &parameters->elements[i];
        CIMTYPE declared;
        VARIANT value;
        HRESULT result = inputs ? IWbemClassObject_Get(inputs, argument->name, 0, NULL, &declared, NULL) : WBEM_E_INVALID_METHOD_PARAMETERS;
        if (FAILED(result))
            return result == (HRESULT)WBEM_E_NOT_FOUND ? (HRESULT)WBEM_E_INVALID_METHOD_PARAMETERS : result;
        VariantInit(&value);
        result = write_variant(argument, declared, &value);
        if (SUCCEEDED(result))
            result = IWbemClassObject_Put(inputs, argument->name, 0, &value, 0);
        VariantClear(&value);
        if (FAILED(result))
            return result;
    }
    return S_OK;
}

static HRESULT invoke(Operation *operation, IWbemServices *services, Instance **outputs)
{
    IWbemClassObject *class_object = NULL, *signature = NULL, *inputs = NULL, *answer = NULL;
    BSTR path = operation->keys ? write_path(operation->keys, FALSE) : SysAllocString(operation->class_name), method = SysAllocString(operation->text);
    HRESULT result = get_class_object(operation->session, services, operation->class_name, &class_object);
    if (SUCCEEDED(result))
        result = IWbemClassObject_GetMethod(class_object, operation->text, 0, &signature, &answer);
    if (SUCCEEDED(result) && answer)
        IWbemClassObject_Release(answer), answer = NULL;
    if (SUCCEEDED(result) && signature)
        result = IWbemClassObject_SpawnInstance(signature, 0, &inputs);
    if (SUCCEEDED(result) && operation->parameters)
        result = fill_inputs(operation->parameters, inputs);
    if (SUCCEEDED(result))
        result = IWbemServices_ExecMethod(services, path, method, 0, NULL, inputs, &answer, NULL);
    if (SUCCEEDED(result) && answer)
        *outputs = read_object(answer, FALSE, NULL);
    if (answer)
        IWbemClassObject_Release(answer);
    if (inputs)
        IWbemClassObject_Release(inputs);
    if (signature)
        IWbemClassObject_Release(signature);
    if (class_object)
        IWbemClassObject_Release(class_object);
    SysFreeString(path);
    SysFreeString(method);
    return result;
}

static DWORD WINAPI work(void *argument)
{
    Operation *operation = argument;
    IWbemServices *services = NULL;
    IWbemClassObject *object = NULL;
    IEnumWbemClassObject *rows = NULL;
    Instance *instance = NULL;
    Class *class_object = NULL;
    BSTR text = operation->text ? SysAllocString(operation->text) : NULL, language = SysAllocString(L"WQL");
    HRESULT result = connect_to(operation->session, operation->space, &services);
    if (SUCCEEDED(result)) {
        switch (operation->kind) {
        case GET:
            SysFreeString(text);
            text = write_path(operation->keys, FALSE);
            result = IWbemServices_GetObject(services, text, 0, NULL, &object, NULL);
            if (SUCCEEDED(result))
                instance = read_object(object, FALSE, L"");
            break;
        case GET_CLASS:
            result = get_class_object(operation->session, services, operation->class_name, &object);
            if (SUCCEEDED(result))
                class_object = read_class(object);
            break;
        case QUERY:
            result = IWbemServices_ExecQuery(services, language, text, WBEM_FLAG_RETURN_IMMEDIATELY | WBEM_FLAG_FORWARD_ONLY, NULL, &rows);
            if (SUCCEEDED(result))
                result = push_rows(operation, rows);
            break;
        case SUBSCRIBE:
            result = IWbemServices_ExecNotificationQuery(services, language, text, WBEM_FLAG_RETURN_IMMEDIATELY | WBEM_FLAG_FORWARD_ONLY, NULL, &rows);
            if (SUCCEEDED(result))
                result = push_events(operation, rows);
            break;
        case INVOKE:
            result = invoke(operation, services, &instance);
            break;
        }
        IWbemServices_Release(services);
    }
    push(operation, new_item(instance, class_object, TRUE, result));
    if (object)
        IWbemClassObject_Release(object);
    if (rows)
        IEnumWbemClassObject_Release(rows);
    SysFreeString(text);
    SysFreeString(language);
    leave_operation(operation);
    return 0;
}

static Result result_of(HRESULT code)
{
    switch ((DWORD)code) {
    case S_OK: return OK;
    case 0x80041003: return 2;
    case 0x8004100E: return 3;
    case 0x80041008: return INVALID_PARAMETER;
    case 0x80041010: return 5;
    case 0x80041002: return NOT_FOUND;
    case 0x80041005: return 13;
    case 0x80041017: return 15;
    case 0x8004102E: return 17;
    default: return FAILED_;
    }
}

/* CIM_Error as Windows fills it in: the transport's codes are numbers of Win32. */
static Instance *details_of(HRESULT code)
{
    Instance *details = new_instance(L"MSFT_WmiError");
    BOOL is_win32 = ((DWORD)code & 0xFFFF0000) == 0x80070000;
    WCHAR text[40];
    Value value = { 0 };
    value.u32 = is_win32 ? (DWORD)code & 0xFFFF : (DWORD)code;
    add_element(details, L"error_Code", UINT32_, 0, &value);
    value.string = copy_text(is_win32 ? L"WIN32" : L"HRESULT");
    add_element(details, L"error_Type", STRING_, 0, &value);
    swprintf(text, 40, L"HRESULT 0x%08lx", (DWORD)code);
    value.string = copy_text(text);
    add_element(details, L"MessageID", STRING_, 0, &value);
    value.string = copy_text(text);
    add_element(details, L"Message", STRING_, 0, &value);
    return details;
}

/* Waits for the next result. The one before is gone then. */
static Result next_result(Handle *handle, BOOL *more, Result *result, const Instance **details, Item **item)
{
    Operation *operation = handle->object;
    DWORD began = GetTickCount();
    EnterCriticalSection(&operation->lock);
    if (operation->ended) {
        LeaveCriticalSection(&operation->lock);
        InterlockedIncrement(&violations);
        return INVALID_PARAMETER;
    }
    free_item(operation->current);
    operation->current = NULL;
    while (!operation->first && !operation->cancelled) {
        DWORD passed = GetTickCount() - began;
        if (operation->timeout == INFINITE)
            SleepConditionVariableCS(&operation->changed, &operation->lock, INFINITE);
        else if (passed >= operation->timeout)
            operation->cancelled = TRUE;
        else
            SleepConditionVariableCS(&operation->changed, &operation->lock, operation->timeout - passed);
    }
    if (operation->cancelled) {
        operation->current = new_item(NULL, NULL, TRUE, RPC_CALL_CANCELED);
    } else {
        operation->current = operation->first;
        operation->first = operation->first->next;
        if (!operation->first)
            operation->end = &operation->first;
    }
    operation->ended = operation->current->last;
    *item = operation->current;
    LeaveCriticalSection(&operation->lock);
    if ((*item)->code != S_OK)
        (*item)->details = details_of((*item)->code);
    *more = !(*item)->last;
    *result = result_of((*item)->code);
    *details = (*item)->details;
    return OK;
}

static Result WINAPI operation_get_instance(
    Handle *self, const Instance **instance, BYTE *more, Result *result, const WCHAR **message, const Instance **details)
{
    Item *item;
    BOOL has_more;
    Result asked = next_result(self, &has_more, result, details, &item);
    if (asked != OK)
        return asked;
    *instance = item->instance, *more = (BYTE)has_more, *message = NULL;
    return OK;
}

static Result WINAPI operation_get_indication(
    Handle *self, const Instance **instance, const WCHAR **bookmark, const WCHAR **machine, BYTE *more, Result *result, const WCHAR **message,
    const Instance **details)
{
    *bookmark = NULL, *machine = NULL;
    return operation_get_instance(self, instance, more, result, message, details);
}

static Result WINAPI operation_get_class(Handle *self, const Class **class_object, BYTE *more, Result *result, const WCHAR **message, const Instance **details)
{
    Item *item;
    BOOL has_more;
    Result asked = next_result(self, &has_more, result, details, &item);
    if (asked != OK)
        return asked;
    *class_object = item->class_object, *more = (BYTE)has_more, *message = NULL;
    return OK;
}

static Result WINAPI operation_cancel(Handle *self, int reason)
{
    Operation *operation = self->object;
    (void)reason;
    if (operation->kind == INVOKE)
        InterlockedIncrement(&violations); /* nothing ends a method in the host */
    EnterCriticalSection(&operation->lock);
    operation->cancelled = TRUE;
    WakeAllConditionVariable(&operation->changed);
    LeaveCriticalSection(&operation->lock);
    return OK;
}

static Result WINAPI operation_close(Handle *self)
{
    Operation *operation = self->object;
    Session *session = operation->session;
    EnterCriticalSection(&operation->lock);
    if (!operation->ended) {
        InterlockedIncrement(&violations);
        while (!operation->ended)
            SleepConditionVariableCS(&operation->changed, &operation->lock, INFINITE);
    }
    LeaveCriticalSection(&operation->lock);
    memset(self, 0, sizeof(Handle));
    EnterCriticalSection(&session->lock);
    session->open--;
    WakeAllConditionVariable(&session->changed);
    LeaveCriticalSection(&session->lock);
    leave_operation(operation);
    return OK;
}

static const void *const operation_table[6] = {
    operation_close, operation_cancel, never_called, operation_get_instance, operation_get_indication, operation_get_class,
};

void start(
    Handle *session_handle, int kind, const Handle *options, const WCHAR *space, const WCHAR *class_name, const WCHAR *text, const Instance *keys,
    const Instance *parameters, const void *callbacks, Handle *handle)
{
    Session *session = session_handle->object;
    Operation *operation = allocate(sizeof(Operation));
    InitializeCriticalSection(&operation->lock);
    InitializeConditionVariable(&operation->changed);
    operation->users = 2;
    operation->session = session;
    operation->kind = kind;
    operation->space = copy_text(space);
    operation->class_name = copy_text(class_name);
    operation->text = copy_text(text);
    operation->keys = keys ? clone_instance(keys) : NULL;
    operation->parameters = parameters ? clone_instance(parameters) : NULL;
    operation->timeout = options && options->word ? (DWORD)options->word : INFINITE;
    operation->end = &operation->first;
    if (callbacks)
        InterlockedIncrement(&violations);
    InterlockedIncrement(&alive[2]);
    InterlockedIncrement(&session->users);
    EnterCriticalSection(&session->lock);
    session->open++;
    LeaveCriticalSection(&session->lock);
    handle->object = operation;
    handle->table = operation_table;
    CloseHandle(CreateThread(NULL, 0, work, operation, 0, NULL));
}
