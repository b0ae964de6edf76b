import type { Ready } from '../../extension/popup/create-form.ts';

/** An instance as the background tells of it: Maria may make backend and personal tokens there. */
export const READY: Ready = {
  state: 'ready',
  version: '8.2.0',
  user: 'maria',
  abilities: {
    kinds: ['backend', 'personal'],
    projects: { backend: 'all', frontend: [] },
    missing: [],
    role: 'Editor',
  },
  projects: [{ id: 'default', name: 'Default' }],
  environments: [{ name: 'development', type: 'development', enabled: true }],
  pats: { used: 0, limit: 10, descriptions: [] },
};
