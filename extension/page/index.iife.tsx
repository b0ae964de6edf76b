import { start } from './mechanism/start.ts';

start(window);
