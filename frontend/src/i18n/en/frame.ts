/** What every page has around it: navigation, search, names, keys, errors. */

import type { Words } from './words';

export const frameWords = {
  product: 'Modelkeep',

  'skip.content': 'Skip to content',

  'noun.models': { one: '{n} model', other: '{n} models' },
  'noun.files': { one: '{n} file', other: '{n} files' },
  'noun.uses': { one: '{n} use', other: '{n} uses' },

  'nav.main': 'Main',
  'nav.sections': 'Sections',
  'nav.admin': 'Admin',
  'nav.models': 'Models',
  'nav.downloads': 'Downloads',
  'nav.overview': 'Overview',
  'nav.browse': 'Browse the store',
  'nav.store': 'Store',
  'nav.add': 'Add a model',
  'nav.addShort': 'Add',

  'admin.tag': 'admin',

  'search.label': 'Search models',
  'search.placeholder': 'Search models, tasks, people',
  'search.placeholder.count': { one: 'Search {n} model', other: 'Search {n} models' },
  'search.clear': 'Clear search',

  'theme.flip': 'Switch colour theme',
  'theme.label': 'Colour theme',
  'theme.system': 'System',
  'theme.light': 'Light',
  'theme.dark': 'Dark',

  'who.set': 'Who are you?',
  'who.you': 'You are {name}',
  'who.hint': 'Sent with what you ask for, so that the store can say who brought a model in.',
  'who.name': 'Your name',
  'who.save': 'Save',
  'who.saved': 'Saved. You are {name}.',
  'who.forgotten': 'Your name is no longer kept here.',
  'who.anonymous': 'anonymous',
  'who.keys': 'Single-key shortcuts',
  'who.shortcuts': 'Show all shortcuts',

  'keys.title': 'Keyboard shortcuts',
  'keys.off': 'Single keys are off. Turn them on in the menu with your name.',
  'keys.search': 'Search',
  'keys.move': 'Move in the list',
  'keys.open': 'Open',
  'keys.select': 'Select',
  'keys.filters': 'Filters',
  'keys.copy': 'Copy the snippet',
  'keys.new': 'Add a model',
  'keys.pause': 'Pause or resume the download in focus',
  'keys.goto': 'Go to models, downloads, overview',
  'keys.help': 'This list',
  'keys.close': 'Close',
  'keys.then': 'then',
  'keys.hint.move': 'to move,',
  'keys.hint.open': 'to open,',
  'keys.hint.all': 'for all shortcuts',

  'action.close': 'Close',
  'action.cancel': 'Cancel',
  'action.retry': 'Retry',
  'action.copy': 'Copy',
  'action.copied': 'Copied',
  'action.copyFailed': 'The browser refused to copy. Select the text and copy it by hand.',
  'action.loadMore': 'Load more',

  'state.loading': 'Loading',
  'state.offline': 'No answer from the store. Trying again; what you see may be old.',

  'error.retryKept': 'What you see is from {time}.',
  'error.offline': 'The store did not answer.',
  'error.next.offline': 'Check that it runs and that you are on its network.',
  'error.models': 'The list of models could not be loaded.',
  'error.model': 'This model could not be loaded.',
  'error.stats': 'The figures could not be loaded.',
  'error.downloads': 'The downloads could not be loaded.',
  'error.request': 'Request {id}',

  'lost.title': 'There is no such page',
  'lost.text': 'The address may be mistyped, or the page may have moved.',
  'lost.back': 'To the models',
} as const satisfies Words;
